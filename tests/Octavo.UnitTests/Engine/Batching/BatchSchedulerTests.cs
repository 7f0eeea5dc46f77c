using Octavo.Core;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Batching;

public class BatchSchedulerTests(BundledModelFixture bundled) : IClassFixture<BundledModelFixture>
{
    private static readonly string[] _questions =
        ["What is the capital of France?", "Count to ten.", "Name three colours.", "Who wrote Hamlet?", "Tell me a story.", "What is 2 + 2?"];

    [Fact]
    public async Task Submit_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        using var scheduler = new BatchScheduler(bundled.Model, new BatchOptions { MaxSequences = 4 });
        static GenerationOptions Options(int i) => i % 2 == 0
            ? new() { MaxTokens = 20 + i, Stop = ["Paris"] }
            : new() { MaxTokens = 15 + i, Temperature = 0.8f, Seed = (ulong)i };
        var answers = _questions.Select((question, i) => scheduler.Submit(bundled.Ask(question), Options(i))).ToList();
        for (var i = 0; i < answers.Count; i++)
        {
            var alone = bundled.Run(bundled.Ask(_questions[i]), Options(i));
            (await ReadAsync(answers[i])).ShouldBe(alone.Select(token => (token.Id, token.Text, token.Finish)));
        }
    }

    [Fact]
    public async Task Submit_NextTurn_FindsTheWholeTurnBefore()
    {
        using var scheduler = new BatchScheduler(bundled.Model);
        var prompt = bundled.Ask(_questions[0]);
        var answer = await ReadAsync(scheduler.Submit(prompt, new GenerationOptions()));
        var next = scheduler.Submit([.. prompt, .. answer.Select(token => token.Item1), 198], new GenerationOptions { MaxTokens = 2 });
        await ReadAsync(next);
        next.Timings.ReusedTokens.ShouldBe(prompt.Count + answer.Count - 1);
    }

    [Fact]
    public async Task ReadAllAsync_ReaderLeaves_EndsTheAnswer()
    {
        using var scheduler = new BatchScheduler(bundled.Model);
        var answer = scheduler.Submit(bundled.Ask("Count to a hundred."), new GenerationOptions { IgnoreEnd = true, MaxTokens = 5000 });
        await foreach (var _ in answer.ReadAllAsync(TestContext.Current.CancellationToken))
            break;
        // The next one runs alone again: the first left within a step.
        await ReadAsync(scheduler.Submit(bundled.Ask(_questions[0]), new GenerationOptions { MaxTokens = 5 }));
        scheduler.Active.ShouldBe(0);
        answer.Timings.CompletionTokens.ShouldBeLessThan(5000);
    }

    [Fact]
    public async Task Cancel_AskedFor_ThrowsForItsReaderOnly()
    {
        using var scheduler = new BatchScheduler(bundled.Model);
        var cancelled = scheduler.Submit(bundled.Ask(_questions[1]), new GenerationOptions { IgnoreEnd = true, MaxTokens = 5000 });
        var other = scheduler.Submit(bundled.Ask(_questions[0]), new GenerationOptions { MaxTokens = 5 });
        cancelled.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => ReadAsync(cancelled));
        (await ReadAsync(other)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Cancel_WhileItWaits_EndsAtOnce()
    {
        using var scheduler = new BatchScheduler(bundled.Model, new BatchOptions { MaxSequences = 1 });
        using var stop = new CancellationTokenSource();
        var first = scheduler.Submit(bundled.Ask(_questions[1]), new GenerationOptions { IgnoreEnd = true, MaxTokens = 5000 });
        var waiting = scheduler.Submit(bundled.Ask(_questions[0]), new GenerationOptions(), stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => ReadAsync(waiting));
        // the place was never free meanwhile
        first.Timings.CompletionTokens.ShouldBeLessThan(5000);
        first.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => ReadAsync(first));
    }

    [Fact]
    public async Task Dispose_WithRequests_EndsThemAll()
    {
        var scheduler = new BatchScheduler(bundled.Model, new BatchOptions { MaxSequences = 1 });
        var answers = Enumerable.Range(0, 3)
            .Select(_ => scheduler.Submit(bundled.Ask(_questions[1]), new GenerationOptions { IgnoreEnd = true, MaxTokens = 5000 })).ToList();
        scheduler.Dispose();
        foreach (var answer in answers)
            await Should.ThrowAsync<ObjectDisposedException>(() => ReadAsync(answer));
        Should.Throw<ObjectDisposedException>(() => scheduler.Submit([1], new GenerationOptions()));
        scheduler.Dispose();
    }

    [Fact]
    public void Submit_Wrong_IsRefusedAtOnce()
    {
        using var scheduler = new BatchScheduler(bundled.Model);
        Should.Throw<ConfigException>(() => scheduler.Submit([], new GenerationOptions()));
        Should.Throw<ConfigException>(() => scheduler.Submit([1], new GenerationOptions { MaxTokens = 0 }));
        Should.Throw<ResourceException>(() => scheduler.Submit(new int[bundled.Model.ContextLength], new GenerationOptions()));
    }

    private static async Task<List<(int, string, FinishReason?)>> ReadAsync(BatchAnswer answer)
    {
        List<(int, string, FinishReason?)> tokens = [];
        await foreach (var token in answer.ReadAllAsync())
            tokens.Add((token.Id, token.Text, token.Finish));
        return tokens;
    }
}
