using Octavo.Core;
using Octavo.Engine;
using EverySecondToken;
using Octavo.Engine.Kv;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>What holds for every method: prompt, decode and a second turn on a model of two layers with random weights.</summary>
public sealed class MethodContractTests : IDisposable
{
    private const int Turn = 9;

    private static readonly int[] _prompt = [.. Enumerable.Range(0, MethodList.Tokens).Select(i => ((i * 37) + (i * i / 5)) % 160)];
    private static readonly int[] _turn = [.. Enumerable.Range(0, Turn).Select(i => (i * 53) % 160)];

    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;

    public MethodContractTests() =>
        _model = LanguageModel.Load(TinyModels.WriteLlama(_folder.File("model"), seed: 5), new EngineOptions { Threads = 2, Exact = true });

    public static TheoryData<string> Methods => [.. MethodList.Names];

    [Theory]
    [MemberData(nameof(Methods))]
    public void PromptDecodeAndSecondTurn_KeepWhatTheMethodChose_AndAnswerTheSameHoweverTheyAreFed(string name)
    {
        var method = MethodList.All().Single(known => known.Name == name).Method;
        using var dense = _model.NewSession();
        using var session = _model.NewSession(null, method);
        // the first token has seen everything, unless the prompt itself is read in part
        var first = session.Forward(_prompt).ToArray();
        first.SequenceEqual(dense.Forward(_prompt).ToArray()).ShouldBe(!method.Attends);
        var kept = Kept(session);
        foreach (var head in kept)
        {
            head.ShouldBe(head.Order());
            head.Last().ShouldBeLessThan(MethodList.Tokens);
        }
        session.KvBytes.ShouldBe(BytesOf(session));
        var share = kept.Sum(head => head.Length) / (double)(kept.Count * MethodList.Tokens);
        (share, name).ShouldSatisfyAllConditions(
            () => share.ShouldBeLessThanOrEqualTo(name.EndsWith("hard", StringComparison.Ordinal) ? 0.45 : name.EndsWith("easy", StringComparison.Ordinal) ? 0.95 : 1),
            () => share.ShouldBeGreaterThan(0.1));
        using var steps = session.Fork();
        var block = session.Forward(_turn).ToArray();
        block.ShouldAllBe(number => float.IsFinite(number));
        for (var i = 0; i < Turn; i++)
            steps.Forward(_turn.AsSpan(i, 1));
        var last = steps.Forward([7]).ToArray();
        session.Forward([7]).ToArray().ShouldBe(last);
        // new tokens are stored by every head, what was kept stays
        Kept(session).Select(head => head.SkipLast(Turn + 1).ToArray()).ShouldBe(kept);
        session.Rollback(MethodList.Tokens);
        session.Forward(_turn).ToArray().ShouldBe(block);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void SecondPrompt_AfterAReturnToTheBeginning_IsCompressedAnew(string name)
    {
        var method = MethodList.All().Single(known => known.Name == name).Method;
        using var session = _model.NewSession(null, method);
        session.Forward(_prompt);
        var first = Kept(session);
        session.Rollback(0);
        session.Forward(_prompt.Reverse().ToArray());
        session.Rollback(0);
        session.Forward(_prompt);
        Kept(session).ShouldBe(first);
    }

    [Fact]
    public void WholeBudget_EqualsDense_BitForBit()
    {
        foreach (var method in MethodList.Scored)
        {
            foreach (KvMethod whole in new KvMethod[] { method with { CompressionRatio = 0 }, method with { Budget = 1000 }, new AdaKv(method with { CompressionRatio = 0 }), new ChunkKv(method with { CompressionRatio = 0 }) })
            {
                using var dense = _model.NewSession();
                using var session = _model.NewSession(null, whole);
                dense.Forward(_prompt);
                session.Forward(_prompt);
                session.ForwardAll(_turn).ShouldBe(dense.ForwardAll(_turn), whole.ToString());
            }
        }
    }

    [Fact]
    public void Prompt_InManyCalls_IsNotCompressedBeforeItsFirstCallEnds()
    {
        using var session = _model.NewSession(null, new Knorm { Budget = 16 });
        session.Forward(_prompt);
        Kept(session).ShouldAllBe(head => head.Length == 16);
        session.Forward(_prompt.AsSpan(0, 40));
        Kept(session).ShouldAllBe(head => head.Length == 56);
    }

    [Theory]
    [InlineData("knorm:budget=64")]
    [InlineData("snapkv:window=8,budget=64")]
    [InlineData("tova:budget=64")]
    [InlineData("keydiff:budget=64")]
    public void Decoding_CutsTheCacheEachTimeThatSoManyTokensHaveCome(string inner)
    {
        using var session = _model.NewSession(null, KvMethods.Parse($"decoding({inner}):compression_interval=5"));
        session.Forward(_prompt);
        List<int> stored = [];
        for (var i = 0; i < 12; i++)
        {
            session.Forward([i]).ToArray().ShouldAllBe(number => float.IsFinite(number));
            stored.Add(Kept(session)[0].Length);
            Kept(session).ShouldAllBe(head => head.Length == stored[i] && head.SequenceEqual(head.Order()));
        }
        stored.ShouldBe([151, 152, 153, 154, 64, 65, 66, 67, 68, 64, 65, 66]);
        Kept(session)[0][^2..].ShouldBe([160, 161]);
    }

    [Fact]
    public void MethodOfTheSample_KeepsEverySecondToken()
    {
        using var session = _model.NewSession(null, new EverySecond { CompressionRatio = 0.5 });
        session.Forward(_prompt);
        Kept(session).ShouldAllBe(head => head.SequenceEqual(Enumerable.Range(0, MethodList.Tokens / 2).Select(i => (2 * i) + 1)));
    }

    [Fact]
    public void Options_ThatAreWrong_AreAllToldAtOnce()
    {
        var error = Should.Throw<ConfigException>(() => _model.NewSession(null, new SnapKv { Window = 0, Kernel = 4, Budget = -1, CompressionRatio = 2 }));
        foreach (var told in new[] { "snapkv", "window", "kernel", "budget", "compression_ratio" })
            error.Message.ShouldContain(told);
    }

    [Fact]
    public void Batch_OfSeveralMethods_AnswersAsEachAlone()
    {
        KvMethod?[] methods = [null, new Knorm { Budget = 16 }, new SnapKv { Window = 8, Budget = 30 }, new H2O { CompressionRatio = 0.7 }];
        var options = methods.Select(method => new GenerationOptions { MaxTokens = 6, IgnoreEnd = true, WithoutText = true, KvMethod = method }).ToList();
        var alone = options.Select(Generate).ToList();
        alone.Distinct(new Same()).Count().ShouldBeGreaterThan(1);
        using var batch = new Batch(_model, new BatchOptions());
        var joined = options.Select(each => batch.Join(_prompt, each)).ToList();
        var together = joined.Select(_ => new List<int>()).ToList();
        while (batch.Count > 0)
        {
            foreach (var result in batch.Step())
            {
                result.Error.ShouldBeNull();
                together[joined.IndexOf(result.Sequence)].Add(result.Token.Id);
            }
        }
        together.ShouldBe(alone);

        List<int> Generate(GenerationOptions each)
        {
            using var session = _model.NewSession(null, each.KvMethod);
            return [.. new Generator(_model, session, each).Run(_prompt).Select(token => token.Id)];
        }
    }

    [Theory]
    [InlineData("knorm:budget=16")]
    [InlineData("snapkv:window=8,budget=30")]
    [InlineData("h2o:compression_ratio=0.7")]
    [InlineData("expected_attention:compression_ratio=0.5")]
    [InlineData("decoding(snapkv:window=8,budget=30):compression_interval=4")]
    [InlineData("snapkv:window=8,budget=1000")]
    public void Request_ThatSharesOnlyABeginning_AnswersAsInASessionOfItsOwn(string text)
    {
        var options = new GenerationOptions { MaxTokens = 9, IgnoreEnd = true, WithoutText = true, KvMethod = KvMethods.Parse(text) };
        int[] other = [.. _prompt[..70], .. _prompt[..80].Reverse()];
        using var own = _model.NewSession(null, options.KvMethod);
        var expected = Run(own, other);
        using var session = _model.NewSession(null, options.KvMethod);
        Run(session, _prompt);
        using (var fork = session.Fork())
            Run(fork, other).ShouldBe(expected);
        Run(session, other).ShouldBe(expected);

        // a prompt that was stopped between its blocks leaves nothing behind either
        session.Rollback(0);
        using var stop = new CancellationTokenSource();
        var half = new Generator(_model, session, options) { PromptProgress = new Told(stop.Cancel) };
        Should.Throw<OperationCanceledException>(() => half.Run(_prompt, stop.Token).Count());
        session.Tokens.Length.ShouldBe(128);
        Run(session, other).ShouldBe(expected);

        List<int> Run(Session of, int[] prompt) => [.. new Generator(_model, of, options).Run(prompt).Select(token => token.Id)];
    }

    [Fact]
    public void Window_LargerThanWhatARatioKeeps_KeepsItsLastTokens()
    {
        using var session = _model.NewSession(null, new SnapKv { Window = 32, CompressionRatio = 0.9 });
        session.Forward(_prompt);
        Kept(session).ShouldAllBe(head => head.SequenceEqual(Enumerable.Range(MethodList.Tokens - 14, 14)));
    }

    [Fact]
    public void Choice_ForHeadsThatAreNotThere_IsRefused_AndTheSessionIsEmpty()
    {
        using var session = _model.NewSession(null, new WrongHeads());
        Should.Throw<ConfigException>(() => session.Forward(_prompt)).Message.ShouldContain("wrong_heads");
        session.Tokens.Length.ShouldBe(0);
    }

    [Fact]
    public void Request_ForAnotherMethodThanTheSessions_IsRefused()
    {
        using var session = _model.NewSession(null, new Knorm { Budget = 16 });
        Should.Throw<ConfigException>(() => new Generator(_model, session, new GenerationOptions { KvMethod = new Knorm { Budget = 17 } }))
            .Message.ShouldContain("Budget = 17");
        _ = new Generator(_model, session, new GenerationOptions { KvMethod = new Knorm { Budget = 16 } });
    }

    [Fact]
    public void Rollback_IntoWhatWasCompressed_IsRefused()
    {
        using var session = _model.NewSession(null, new Knorm { Budget = 16 });
        session.Forward(_prompt);
        Should.Throw<ConfigException>(() => session.Rollback(100)).Message.ShouldContain("knorm");
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private static List<int[]> Kept(Session session) =>
        [.. Enumerable.Range(0, 2).SelectMany(layer => Enumerable.Range(0, session.Cache.StoredHeads(layer)).Select(head => session.Cache.PositionsOf(layer, head).Span.ToArray()))];

    /// <summary>Pages of 64 positions with keys and values of 16 numbers in fp32.</summary>
    private static long BytesOf(Session session)
    {
        var pages = 0L;
        foreach (var layer in new[] { 0, 1 })
        {
            for (var head = 0; head < session.Cache.StoredHeads(layer); head++)
                pages += (session.Cache.StoredTokens(layer, head) + 63) / 64;
        }
        return pages * 64 * 2 * 16 * sizeof(float);
    }

    private sealed record WrongHeads : KvMethod
    {
        public override string Name => "wrong_heads";

        public override int[][] Compress(KvLayer layer) => [.. Enumerable.Repeat(new[] { 0 }, 8)];
    }

    private sealed class Told(Action told) : IProgress<int>
    {
        public void Report(int value) => told();
    }

    private sealed class Same : IEqualityComparer<List<int>>
    {
        public bool Equals(List<int>? x, List<int>? y) => x!.SequenceEqual(y!);

        public int GetHashCode(List<int> obj) => obj.Count;
    }
}
