using Octavo.Core;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Generation;

public class GeneratorTests(BundledModelFixture bundled) : IClassFixture<BundledModelFixture>
{
    private const string Capital = "What is the capital of France?";

    [Fact]
    public void Run_Greedy_AnswersAndStops()
    {
        var steps = bundled.Run(bundled.Ask(Capital), new GenerationOptions { MaxTokens = 32 });
        Text(steps).ShouldBe("The capital of France is Paris.");
        steps[^1].Finish.ShouldBe(FinishReason.Stop);
        steps[..^1].ShouldAllBe(step => step.Finish == null);
    }

    [Fact]
    public void Run_MaxTokens_EndsWithLength()
    {
        var steps = bundled.Run(bundled.Ask(Capital), new GenerationOptions { MaxTokens = 3 });
        steps.Count.ShouldBe(3);
        Text(steps).ShouldBe("The capital of");
        steps[^1].Finish.ShouldBe(FinishReason.Length);
    }

    [Theory]
    [InlineData("France is", "The capital of ")]
    [InlineData("tal of Fra", "The capi")]
    [InlineData("Paris", "The capital of France is ")]
    public void Run_StopText_EndsBeforeItAcrossTokens(string stop, string text)
    {
        var steps = bundled.Run(bundled.Ask(Capital), new GenerationOptions { MaxTokens = 32, Stop = [stop] });
        Text(steps).ShouldBe(text);
        steps[^1].Finish.ShouldBe(FinishReason.Stop);
    }

    [Fact]
    public void Run_Twice_ReusesWhatTheSessionHolds()
    {
        using var session = bundled.Model.NewSession();
        var prompt = bundled.Ask(Capital);
        var first = new Generator(bundled.Model, session, new GenerationOptions { MaxTokens = 32 });
        var answer = first.Run(prompt).Select(step => step.Id).ToList();
        first.Timings.ReusedTokens.ShouldBe(0);
        var second = new Generator(bundled.Model, session, new GenerationOptions { MaxTokens = 32 });
        second.Run(prompt).Select(step => step.Id).ShouldBe(answer);
        second.Timings.ReusedTokens.ShouldBe(prompt.Count - 1);
        second.Timings.PromptTokens.ShouldBe(prompt.Count);
        second.Timings.CompletionTokens.ShouldBe(answer.Count);
    }

    [Fact]
    public void Run_Seeds_DecideTheAnswer()
    {
        var prompt = bundled.Ask("Tell me a story about a fox.");
        List<int> Run(ulong seed) =>
            [.. bundled.Run(prompt, new GenerationOptions { MaxTokens = 24, Temperature = 1, TopP = 0.95f, Seed = seed }).Select(step => step.Id)];
        Run(1).ShouldBe(Run(1));
        Run(1).ShouldNotBe(Run(2));
    }

    [Fact]
    public void Run_LogProbabilities_AreOfTheUnchangedLogits()
    {
        var steps = bundled.Run(bundled.Ask(Capital), new GenerationOptions
        {
            MaxTokens = 2, LogProbabilities = 3, LogitBias = new Dictionary<int, float> { [504] = -100 },
        });
        steps[0].Id.ShouldNotBe(504);
        steps[0].Top!.Count.ShouldBe(3);
        steps[0].Top![0].Id.ShouldBe(504);
        steps[0].LogProbability!.Value.ShouldBeLessThan(steps[0].Top![0].LogProbability);
        steps[0].Top!.Sum(pair => Math.Exp(pair.LogProbability)).ShouldBeLessThan(1);
        bundled.Run(bundled.Ask(Capital), new GenerationOptions { MaxTokens = 1 })[0].LogProbability.ShouldBeNull();
    }

    [Fact]
    public void Run_Cancelled_StopsWithinOneToken()
    {
        using var session = bundled.Model.NewSession();
        using var stop = new CancellationTokenSource();
        var steps = 0;
        Should.Throw<OperationCanceledException>(() =>
        {
            foreach (var _ in new Generator(bundled.Model, session, new GenerationOptions()).Run(bundled.Ask("Count to fifty."), stop.Token))
            {
                if (++steps == 5)
                    stop.Cancel();
            }
        });
        steps.ShouldBe(5);
    }

    [Fact]
    public void Run_PromptBeyondTheContext_IsRefusedWithBothNumbers()
    {
        using var model = LanguageModel.Load(Repository.BundledModel, new EngineOptions { ContextLength = 20, Threads = 1 });
        using var session = model.NewSession();
        var message = Should.Throw<ResourceException>(
            () => new Generator(model, session, new GenerationOptions()).Run(bundled.Ask(Capital))).Message;
        message.ShouldContain("37 tokens");
        message.ShouldContain("context holds 20");
        session.Tokens.Length.ShouldBe(0);
    }

    [Fact]
    public void Run_ContextFull_EndsWithLength()
    {
        using var model = LanguageModel.Load(Repository.BundledModel, new EngineOptions { ContextLength = 40, Threads = 1 });
        using var session = model.NewSession();
        var steps = new Generator(model, session, new GenerationOptions()).Run(bundled.Ask(Capital)).ToList();
        steps[^1].Finish.ShouldBe(FinishReason.Length);
        (37 + steps.Count).ShouldBe(41);
    }

    [Fact]
    public void Run_NoTokens_IsRefused()
    {
        using var session = bundled.Model.NewSession();
        Should.Throw<ConfigException>(() => new Generator(bundled.Model, session, new GenerationOptions()).Run([]));
    }

    private static string Text(IEnumerable<GeneratedToken> steps) => string.Concat(steps.Select(step => step.Text));
}
