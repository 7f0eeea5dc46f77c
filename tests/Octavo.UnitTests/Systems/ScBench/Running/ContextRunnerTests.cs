using Octavo.Engine;
using Octavo.Engine.Cache;
using Octavo.Engine.Kv;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;
using Octavo.UnitTests.Engine.Kv;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Running;

public sealed class ContextRunnerTests : IDisposable
{
    private readonly LanguageModel _model = BundledToy.Load();

    public void Dispose() => _model.Dispose();

    public static TheoryData<string> KeepAll => [.. Methods.Keys];

    // every method that rates tokens, with all of them kept, and those that go by places
    private static Dictionary<string, KvMethod> Methods { get; } = MethodList.Scored.Select(scored => (KvMethod)(scored with { CompressionRatio = 0 }))
        .Concat([new FullKv(), new StreamingLlm { Init = 4, Local = 200 }]).Select((method, i) => ($"{i} {method.Name}", method)).ToDictionary();

    [Theory]
    [MemberData(nameof(KeepAll))]
    public void Run_GoldenHistoryWithEverythingKept_BeginsTurnsAsAFreshForwardDoes(string method)
    {
        var prompt = BundledToy.Prompt(_model, new PromptOptions());
        var turns = Logits(prompt, new PromptOptions(), Methods[method], out _);
        turns.Count.ShouldBe(5);
        for (var turn = 0; turn < turns.Count; turn++)
        {
            using var fresh = _model.NewSession();
            fresh.Forward([.. prompt.Turns.Take(turn + 1).SelectMany(part => part.Ids)]).ToArray().ShouldBe(turns[turn]);
        }
    }

    [Fact]
    public void Run_GoldenHistory_LeavesNothingOfAnAnswerBehind()
    {
        var method = KvMethods.Parse("snapkv:window=4,budget=24");
        var brief = BundledToy.Prompt(_model, new PromptOptions { MaxNewTokens = 1 });
        var wordy = BundledToy.Prompt(_model, new PromptOptions { MaxNewTokens = 9 });
        Logits(wordy, new PromptOptions(), method, out var answers).ShouldBe(Logits(brief, new PromptOptions(), method, out _));
        answers.ShouldAllBe(answer => answer.Generated == 9);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("snapkv:window=4,budget=24")]
    public void Answer_OnAForkOrRolledBack_LeavesKeysAndValuesAsTheyWere(string method)
    {
        var prompt = BundledToy.Prompt(_model, new PromptOptions());
        using var session = _model.NewSession(null, KvMethods.Parse(method));
        session.Forward([.. prompt.Turns[0].Ids]);
        var (before, seen) = (Stored(session), session.Tokens.Length);
        using (var fork = session.Fork())
        {
            fork.Forward([.. prompt.Turns[1].Ids]);
            Stored(fork).ShouldNotBe(before);
        }
        Stored(session).ShouldBe(before);
        session.Forward([.. prompt.Turns[1].Ids]);
        session.Rollback(seen);
        Stored(session).ShouldBe(before);
    }

    [Fact]
    public void Run_OwnHistory_BeginsTurnsBehindTheOwnAnswers()
    {
        var options = new PromptOptions { History = AnswerHistory.Self, MaxNewTokens = 3 };
        var prompt = BundledToy.Prompt(_model, options);
        var turns = Logits(prompt, options, null, out var answers);
        List<int> read = [];
        for (var turn = 0; turn < turns.Count; turn++)
        {
            read.AddRange(prompt.Turns[turn].Ids);
            using var fresh = _model.NewSession();
            fresh.Forward([.. read]).ToArray().ShouldBe(turns[turn]);
            answers[turn].Generated.ShouldBe(3);
            read.AddRange(_model.Tokenizer.Encode(answers[turn].Prediction).Select(token => token.Id));
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("snapkv:window=4,budget=24")]
    public void Run_Requests_AreAnsweredAsIfThereWereNoOther(string method)
    {
        var options = new PromptOptions { Mode = ContextMode.MultiRequest };
        var prompt = BundledToy.Prompt(_model, options);
        var together = Logits(prompt, options, KvMethods.Parse(method), out var answers);
        for (var turn = 0; turn < together.Count; turn++)
        {
            var alone = Logits(prompt with { Turns = [prompt.Turns[turn]] }, options, KvMethods.Parse(method), out var one);
            alone[0].ShouldBe(together[turn]);
            one[0].Prediction.ShouldBe(answers[turn].Prediction);
        }
        answers.Select(answer => answer.StoredBytes).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Run_Method_ChoosesWithTheFirstQuestionInAConversationAndWithoutInRequests()
    {
        var seen = new Watching();
        new ContextRunner(_model).Run(BundledToy.Prompt(_model, new PromptOptions()), new PromptOptions(), seen);
        var requests = new PromptOptions { Mode = ContextMode.MultiRequest };
        new ContextRunner(_model).Run(BundledToy.Prompt(_model, requests), requests, seen);
        // the beginning and 32 triples, with "Q key" or without, in each of two layers
        seen.Tokens.ShouldBe([99, 99, 97, 97]);
    }

    [Fact]
    public void Run_MethodThatDrops_StoresLessThanItHeldAndCountsWhatItRead()
    {
        Logits(BundledToy.Prompt(_model, new PromptOptions()), new PromptOptions(), KvMethods.Parse("snapkv:window=4,budget=24"), out var dropped);
        Logits(BundledToy.Prompt(_model, new PromptOptions()), new PromptOptions(), null, out var full);
        dropped[0].StoredBytes.ShouldBeLessThan(full[0].StoredBytes);
        dropped[0].PeakBytes.ShouldBe(full[0].PeakBytes);
        dropped.Select(answer => answer.Read).ShouldBe([99, 4, 4, 4, 4]);
        dropped.ShouldAllBe(answer => answer.FirstToken > TimeSpan.Zero && answer.PerToken > TimeSpan.Zero);
    }

    // keys and values of all heads of all layers
    private static float[] Stored(Session session) =>
    [
        .. Enumerable.Range(0, 2).SelectMany(layer => Enumerable.Range(0, session.Cache.StoredHeads(layer)).SelectMany(head =>
        {
            var stored = new StoredHead(session.Cache, layer, head);
            return stored.Keys().Concat(stored.Values());
        })),
    ];

    private List<float[]> Logits(SharedPrompt prompt, PromptOptions options, KvMethod? method, out IReadOnlyList<TurnAnswer> answers)
    {
        List<float[]> logits = [];
        var runner = new ContextRunner(_model)
        {
            Begun = (turn, begun) =>
            {
                turn.ShouldBe(logits.Count + 1);
                logits.Add(begun);
            },
        };
        answers = runner.Run(prompt, options, method, TestContext.Current.CancellationToken);
        return logits;
    }

    private sealed record Watching : KvMethod
    {
        public List<int> Tokens { get; } = [];

        public override string Name => "watching";

        public override int[][]? Compress(KvLayer layer)
        {
            Tokens.Add(layer.Tokens);
            return null;
        }
    }
}
