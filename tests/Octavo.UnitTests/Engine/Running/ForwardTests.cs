using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>One order of summation: chunks, threads, forks and rollbacks change no bit.</summary>
public sealed class ForwardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Every set with every type of pages.</summary>
    public static TheoryData<string, KvType> Cases
    {
        get
        {
            var cases = new TheoryData<string, KvType>();
            foreach (var set in KernelSets.Available)
            {
                foreach (var type in Enum.GetValues<KvType>())
                    cases.Add(set.Name, type);
            }
            return cases;
        }
    }

    public static TheoryData<string> Sets => [.. KernelSets.Available.Select(set => set.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_AnyChunks_EqualWholePromptBitForBit(string set, KvType type)
    {
        using var model = Tiny(set, type: type);
        var tokens = Tokens(set == "scalar" ? 200 : 600);
        var whole = Last(model, tokens, tokens.Length);
        foreach (var chunk in (int[])[1, 7, 100, 300])
            Last(model, tokens, chunk).ShouldBe(whole, $"chunks of {chunk}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_AnyThreads_EqualOneThreadBitForBit(string set, KvType type)
    {
        var tokens = Tokens(set == "scalar" ? 150 : 560);
        float[] Run(int threads)
        {
            using var model = Tiny(set, threads, type: type);
            return [.. Last(model, tokens, tokens.Length), .. Last(model, tokens, 70)];
        }
        var one = Run(1);
        Run(2).ShouldBe(one);
        Run(3).ShouldBe(one);
    }

    [Theory]
    [InlineData(KvType.F16)]
    [InlineData(KvType.Q8)]
    public void Forward_SplitByRowsOrByUnits_EqualsOneThreadBitForBit(KvType type)
    {
        // a block of few tiles on many threads is split by units of pages, single rows at depth are on any number
        var tokens = Tokens(1060);
        float[] Run(int threads)
        {
            using var model = Tiny(threads: threads, type: type);
            using var session = model.NewSession();
            var last = session.Forward(tokens.AsSpan(0, 1050)).ToArray();
            for (var i = 1050; i < tokens.Length; i++)
                last = [.. last, .. session.Forward(tokens.AsSpan(i, 1))];
            return last;
        }
        var one = Run(1);
        Run(2).ShouldBe(one);
        Run(7).ShouldBe(one);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_BundledModel_ChunksAndThreadsChangeNoBit(bool exact)
    {
        var tokens = Tokens(150);
        float[] Run(int threads, int chunk)
        {
            using var model = LanguageModel.Load(Repository.BundledModel, new EngineOptions { Threads = threads, Exact = exact });
            return Last(model, tokens, chunk);
        }
        var whole = Run(1, 150);
        Run(2, 150).ShouldBe(whole);
        Run(2, 1).ShouldBe(whole);
        Run(1, 67).ShouldBe(whole);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Forward_PackedWeightsOfEverySet_AreNearTheExactPath(string set)
    {
        var tokens = Tokens(set == "scalar" ? 3 : 9);
        float[] Run(bool exact, int? bits, string? isa)
        {
            using var model = LanguageModel.Load(
                Repository.BundledModel, new EngineOptions { Exact = exact, ActivationBits = bits, InstructionSet = isa, KvType = KvType.F32 });
            return Last(model, tokens, tokens.Length);
        }
        var expected = Run(true, null, null);
        var scale = expected.Max() - expected.Min();
        foreach (var (bits, bound) in ((int, float)[])[(16, 1e-3f), (8, 0.1f)])
        {
            var found = Run(false, bits, set);
            found.Zip(expected, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(bound * scale, $"{bits} bits");
        }
    }

    [Fact]
    public void Forward_AllRows_EqualStepByStep()
    {
        using var model = Tiny();
        var tokens = Tokens(140);
        using var session = model.NewSession();
        var all = session.ForwardAll(tokens);
        using var steps = model.NewSession();
        for (var i = 0; i < tokens.Length; i++)
            steps.Forward(tokens.AsSpan(i, 1)).ToArray().ShouldBe(all[(i * 160)..((i + 1) * 160)], $"row {i}");
    }

    [Fact]
    public void Rollback_ThenOtherTokens_EqualsAFreshSession()
    {
        using var model = Tiny();
        var tokens = Tokens(200);
        using var session = model.NewSession();
        session.Forward(tokens);
        session.Rollback(70);
        session.Tokens.ToArray().ShouldBe(tokens[..70]);
        var other = Tokens(90, seed: 9);
        var again = session.Forward(other).ToArray();
        using var fresh = model.NewSession();
        fresh.Forward((int[])[.. tokens[..70], .. other]).ToArray().ShouldBe(again);
    }

    [Fact]
    public void Fork_BothContinue_NeitherDisturbsTheOther()
    {
        using var model = Tiny();
        var tokens = Tokens(100);
        using var session = model.NewSession();
        session.Forward(tokens);
        using var fork = session.Fork();
        var (left, right) = (Tokens(40, seed: 3), Tokens(40, seed: 4));
        var first = session.Forward(left).ToArray();
        var second = fork.Forward(right).ToArray();
        // The session goes on after the fork has written: its own tail must still be there.
        var more = Tokens(5, seed: 6);
        var third = session.Forward(more).ToArray();
        Last(model, [.. tokens, .. left, .. more], 145).ShouldBe(third);
        Last(model, [.. tokens, .. left], 140).ShouldBe(first);
        Last(model, [.. tokens, .. right], 140).ShouldBe(second);
    }

    [Fact]
    public void Forward_BeyondTheContext_IsRefusedWithBothNumbersAndRunsNothing()
    {
        using var model = Tiny(context: 100);
        using var session = model.NewSession();
        session.Forward(Tokens(60));
        var message = Should.Throw<ResourceException>(() => session.Forward(Tokens(41)).Length).Message;
        message.ShouldContain("41 tokens");
        message.ShouldContain("context of 100");
        session.Tokens.Length.ShouldBe(60);
        session.Forward(Tokens(40)).Length.ShouldBe(160);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(160)]
    public void Forward_TokenOutsideTheVocabulary_IsRefused(int token)
    {
        using var model = Tiny();
        using var session = model.NewSession();
        Should.Throw<ConfigException>(() => session.Forward([1, token]).Length).Message.ShouldContain("160");
        session.Tokens.Length.ShouldBe(0);
    }

    [Fact]
    public void Forward_Cancelled_StopsBetweenBlocksAndKeepsWhatIsDone()
    {
        using var model = Tiny();
        using var session = model.NewSession();
        using var stop = new CancellationTokenSource();
        var progress = new Stopping(stop, after: 256);
        Should.Throw<OperationCanceledException>(() => session.Forward(Tokens(1000), progress, stop.Token).Length);
        session.Tokens.Length.ShouldBe(256);
    }

    [Fact]
    public void Dispose_ModelBeforeSession_IsHarmless()
    {
        var model = Tiny();
        var session = model.NewSession();
        session.Forward([1, 2, 3]);
        model.Dispose();
        Should.Throw<ObjectDisposedException>(() => session.Forward([4]).Length);
        Should.Throw<ObjectDisposedException>(session.Fork);
        Should.Throw<ObjectDisposedException>(() => session.Rollback(1));
        session.Dispose();
        Should.Throw<ObjectDisposedException>(model.NewSession);
    }

    [Fact]
    public void Load_WrongOptions_AllReported()
    {
        var message = Should.Throw<ConfigException>(
            () => LanguageModel.Load(TinyModels.WriteLlama(_folder.File("m")), new EngineOptions { Threads = 0, ContextLength = 0 })).Message;
        message.ShouldContain("threads");
        message.ShouldContain("context length");
    }

    private LanguageModel Tiny(string? set = null, int threads = 2, int context = 8192, KvType? type = null) => LanguageModel.Load(
        TinyModels.WriteLlama(_folder.File($"{set}-{threads}"), contextLength: context),
        new EngineOptions { InstructionSet = set, Threads = threads, KvType = type });

    private static float[] Last(LanguageModel model, int[] tokens, int chunk)
    {
        using var session = model.NewSession();
        float[] last = [];
        for (var at = 0; at < tokens.Length; at += chunk)
            last = session.Forward(tokens.AsSpan(at, Math.Min(chunk, tokens.Length - at))).ToArray();
        return last;
    }

    private static int[] Tokens(int count, ulong seed = 5)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(160))];
    }

    private sealed class Stopping(CancellationTokenSource source, int after) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value >= after)
                source.Cancel();
        }
    }
}
