using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Octavo.Models;
using Octavo.Models.Adapters;
using Octavo.TestKit;
using Octavo.UnitTests.Models.Adapters;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>Adapters beside the weights: what they add, to whom, and that nobody else sees them.</summary>
public sealed class AdapterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string?> Stored => new()
    {
        { "hub", null }, { "q8_0", null }, { "q4_1", null }, { "q8_0", "scalar" }, { "q4_1", "v128" }, { "hub", "v128" },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Forward_BIsZero_IsTheBaseBitForBit(string type, string? set)
    {
        using var model = Tiny(type, set);
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1, spread: 0), "zero");
        var tokens = Tokens(150, 1);
        All(model, tokens, "zero", 150).ShouldBe(All(model, tokens, null, 150));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Forward_AnyChunks_EqualTheWholePromptBitForBit(string type, string? set)
    {
        foreach (var threads in (int[])[1, 2])
        {
            using var model = Tiny(type, set, threads);
            model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1, TinyAdapter.All(rank: 19)), "a");
            model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 2, TinyAdapter.All(dora: true)), "b");
            var tokens = Tokens(150, 1);
            foreach (var name in (string[])["a", "b"])
            {
                var whole = All(model, tokens, name, 150);
                whole.ShouldNotBe(All(model, tokens, null, 150));
                All(model, tokens, name, 1).ShouldBe(whole);
                All(model, tokens, name, 37).ShouldBe(whole);
            }
        }
    }

    [Theory]
    [InlineData("hub", 1)]
    [InlineData("hub", 2)]
    [InlineData("q4_1", 2)]
    public void Batch_SequencesWithDifferentAdapters_EqualEachAlone(string type, int threads)
    {
        using var model = Tiny(type, null, threads);
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a");
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 2, TinyAdapter.All(dora: true, rank: 3)), "b");
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 3, new AdapterConfig { Rank = 2, Alpha = 9, TargetModules = ["v_proj", "down_proj"] }), "c");
        string?[] names = ["a", null, "b", "c", "a", "b", null];
        using var batch = new Batch(model, new BatchOptions { PromptRows = 30 });
        var answers = names.Select((name, i) => batch.Join(Prompt(i), Options(name))).ToDictionary(sequence => sequence, _ => new List<(int, float?)>());
        while (batch.Count > 0)
        {
            foreach (var (sequence, token, error) in batch.Step())
            {
                error.ShouldBeNull();
                answers[sequence].Add((token.Id, token.LogProbability));
            }
        }
        foreach (var ((name, i), together) in names.Select((name, i) => (name, i)).Zip(answers.Values))
        {
            using var alone = Tiny(type, null, threads);
            AddAs(alone, name);
            using var session = alone.NewSession(name);
            var answer = new Generator(alone, session, Options(name)).Run(Prompt(i)).Select(token => (token.Id, token.LogProbability));
            answer.ShouldBe(together, $"{i}: {name}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_GgufWithItsOrderOfRows_AgreesWithTheFolder(bool dora)
    {
        using var hub = LanguageModel.Load(Tiny(), new EngineOptions { Exact = true });
        using var gguf = LanguageModel.Load(Converted(TensorType.F32), new EngineOptions { Exact = true });
        foreach (var model in (LanguageModel[])[hub, gguf])
            model.AddAdapter(TinyAdapter.Make(hub.Checkpoint.Model, 5, TinyAdapter.All(dora)), "a");
        var tokens = Tokens(90, 3);
        Close(All(gguf, tokens, "a", 90), All(hub, tokens, "a", 90), 1e-5f);
    }

    [Fact]
    public void Prefixes_OfAnAdapter_AreNobodyElses()
    {
        using var model = Tiny("hub", null, prefixes: true);
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a");
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 2), "b");
        Reused(model, "a").ShouldBe(0);
        Reused(model, "b").ShouldBe(0);
        Reused(model, null).ShouldBe(0);
        Reused(model, "a").ShouldBe(128);
        Reused(model, null).ShouldBe(128);
        model.RemoveAdapter("a");
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 3), "a");
        Reused(model, "a").ShouldBe(0);
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 2), "the same as b");
        Reused(model, "the same as b").ShouldBe(128);
        model.PrefixCache.Pin(Tokens(150, 4), "b").ShouldBe(128);

        var file = _folder.File("pages");
        model.PrefixCache.Save(file, Tokens(150, 4), "b").ShouldBe(128);
        using var again = Tiny("hub", null, prefixes: true);
        again.PrefixCache.Open(file).ShouldBeTrue();
        again.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 2), "other name");
        Reused(again, null).ShouldBe(0);
        Reused(again, "other name").ShouldBe(128);
    }

    [Fact]
    public void RemoveAdapter_InUse_EndsWhatUsesIt()
    {
        using var model = Tiny("hub", null);
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a");
        using var session = model.NewSession("a");
        session.Forward([1, 2, 3]);
        using var batch = new Batch(model);
        var (with, without) = (batch.Join([1, 2], Options("a")), batch.Join([1, 2], Options(null)));
        batch.Step();
        model.RemoveAdapter("a");
        Should.Throw<ObjectDisposedException>(() => session.Forward([4]).Length);
        var ended = batch.Step().ToArray().Where(result => result.Error is not null).ShouldHaveSingleItem();
        ended.Sequence.ShouldBe(with);
        without.IsActive.ShouldBeTrue();
        model.Adapters.ShouldBeEmpty();
        Should.Throw<ConfigException>(() => model.RemoveAdapter("a")).Message.ShouldContain("none was added");
    }

    [Fact]
    public void RemoveAdapter_WhileAStepWaitsForItsTurn_EndsTheSequence()
    {
        using var model = Tiny("hub", null);
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a");
        using var batch = new Batch(model);
        var (with, without) = (batch.Join([1, 2], Options("a")), batch.Join([1, 2], Options(null)));
        BatchToken[] results = [];
        Exception? failure = null;
        var step = new Thread(() => failure = Record.Exception(() => results = batch.Step().ToArray()));
        lock (model.Turn)
        {
            step.Start();
            SpinWait.SpinUntil(() => step.ThreadState == ThreadState.WaitSleepJoin, TimeSpan.FromSeconds(30)).ShouldBeTrue();
            model.RemoveAdapter("a");
        }
        step.Join();
        failure.ShouldBeNull();
        var ended = results.Where(result => result.Error is not null).ShouldHaveSingleItem();
        ended.Sequence.ShouldBe(with);
        ended.Error.ShouldBeOfType<ConfigException>().Message.ShouldContain("removed");
        results.Single(result => result.Error is null).Sequence.ShouldBe(without);
    }

    [Fact]
    public void Adapter_ThatIsNotThere_IsRefusedByName()
    {
        using var model = Tiny("hub", null);
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a");
        Should.Throw<ConfigException>(() => model.NewSession("b")).Message.ShouldContain("there are a");
        Should.Throw<ConfigException>(() => model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a")).Message.ShouldContain("already");
        Should.Throw<ConfigException>(() => model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "none")).Message.ShouldContain("'none'");
        using var session = model.NewSession();
        Should.Throw<ConfigException>(() => new Generator(model, session, Options("a"))).Message.ShouldContain("without one");
        using var scheduler = new BatchScheduler(model);
        Should.Throw<ConfigException>(() => scheduler.Submit([1], Options("b"))).Message.ShouldContain("'b'");
        using var other = LanguageModel.Load(Repository.At("golden", "decoders", "qwen2"));
        Should.Throw<ShapeException>(() => other.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a")).Message.ShouldContain("qwen2");
    }

    [Fact]
    public void AddLowRank_AllSets_AgreeWithDoubles()
    {
        foreach (var (n, rank) in ((int, int)[])[(1, 1), (7, 3), (8, 16), (31, 4), (32, 16), (100, 64), (576, 8)])
        {
            var (u, b, gain, y) = (Numbers(rank, 1), Numbers(rank * (n + 3), 2), Numbers(n, 3), Numbers(n, 4));
            foreach (var set in KernelSets.Available)
            {
                foreach (var withGain in (bool[])[false, true])
                    Check(set, u, b, withGain ? gain : null, y);
            }
        }
    }

    private static unsafe void Check(KernelSet set, float[] u, float[] b, float[]? gain, float[] y)
    {
        var (actual, ldb) = ((float[])y.Clone(), y.Length + 3);
        fixed (float* pu = u, pb = b, pg = gain, py = actual)
            set.AddLowRank(pu, u.Length, pb, ldb, pg, py, y.Length);
        for (var i = 0; i < y.Length; i++)
        {
            var (sum, size) = ((double)y[i], (double)Math.Abs(y[i]));
            for (var j = 0; j < u.Length; j++)
                (sum, size) = (sum + ((double)u[j] * b[(j * ldb) + i]), size + Math.Abs(u[j] * b[(j * ldb) + i]));
            var factor = gain?[i] ?? 1;
            ((double)actual[i]).ShouldBe(sum * factor, 1e-6 * size * Math.Abs(factor), $"{set.Name}, {y.Length} outputs, rank {u.Length}");
        }
    }

    private static void AddAs(LanguageModel model, string? name)
    {
        var description = model.Checkpoint.Model;
        if (name == "a")
            model.AddAdapter(TinyAdapter.Make(description, 1), name);
        if (name == "b")
            model.AddAdapter(TinyAdapter.Make(description, 2, TinyAdapter.All(dora: true, rank: 3)), name);
        if (name == "c")
            model.AddAdapter(TinyAdapter.Make(description, 3, new AdapterConfig { Rank = 2, Alpha = 9, TargetModules = ["v_proj", "down_proj"] }), name);
    }

    private static int Reused(LanguageModel model, string? adapter)
    {
        using var session = model.NewSession(adapter);
        var generator = new Generator(model, session, Options(adapter) with { MaxTokens = 1 });
        generator.Run(Tokens(150, 4)).Count().ShouldBe(1);
        return generator.Timings.ReusedTokens;
    }

    private static GenerationOptions Options(string? adapter) =>
        new() { MaxTokens = 12, IgnoreEnd = true, WithoutText = true, LogProbabilities = 0, Adapter = adapter };

    private static float[] All(LanguageModel model, int[] tokens, string? adapter, int chunk)
    {
        using var session = model.NewSession(adapter);
        List<float> logits = [];
        for (var at = 0; at < tokens.Length; at += chunk)
            logits.AddRange(session.ForwardAll(tokens.AsSpan(at, Math.Min(chunk, tokens.Length - at))));
        return [.. logits];
    }

    private static void Close(float[] actual, float[] expected, float tolerance)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++)
            actual[i].ShouldBe(expected[i], tolerance * (1 + MathF.Abs(expected[i])), $"number {i}");
    }

    private LanguageModel Tiny(string type, string? set, int threads = 2, bool prefixes = false) => LanguageModel.Load(
        type == "hub" ? Tiny() : Converted(Enum.Parse<TensorType>(type, ignoreCase: true)),
        new EngineOptions { Threads = threads, InstructionSet = set, PrefixCacheBytes = prefixes ? 1 << 24 : 0 });

    private string Tiny() => Directory.Exists(_folder.File("tiny")) ? _folder.File("tiny") : TinyModels.WriteLlama(_folder.File("tiny"));

    private string Converted(TensorType type)
    {
        var path = _folder.File($"{type}.gguf");
        if (File.Exists(path))
            return path;
        using var source = Checkpoint.Open(Tiny());
        ModelConversion.Plan(source, ModelFormat.Gguf, type).Write(path);
        return path;
    }

    private static float[] Numbers(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }

    // some begin alike
    private static int[] Prompt(int i) => Tokens(20 + (40 * i), (ulong)(i % 3));

    private static int[] Tokens(int count, ulong seed)
    {
        var random = new SeededRandom(seed + 100);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextGaussian() * 1000) is var n ? Math.Abs(n) % 160 : 0)];
    }
}
