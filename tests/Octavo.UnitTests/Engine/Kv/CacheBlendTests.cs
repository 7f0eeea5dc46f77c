using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Cache;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;
using Octavo.TestKit;
using Octavo.UnitTests.Models.Adapters;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>Prompts put together from chunks, in a model of three layers with heads of 16.</summary>
public sealed class CacheBlendTests : IDisposable
{
    private const int Layers = 3;
    private const int Length = 64;

    private static readonly CacheBlend _method = new() { Chunk = Length, MinTokens = Length, Ratio = 0.2 };
    private static readonly int[] _a = Text(1, 3 * Length);
    private static readonly int[] _b = Text(2, 2 * Length);
    private static readonly int[] _own = Text(3, 30);
    private static readonly int[] _turn = Text(4, 9);

    /// <summary>Chunks of both texts in another order, text of its own before, between and behind them.</summary>
    private static readonly int[] _mixed = [.. _own[..10], .. _b, .. _own[10..17], .. _a, .. _own];

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public CacheBlendTests() => _path = TinyModels.WriteLlama(_folder.File("model"), seed: 5, layers: Layers);

    [Theory]
    [InlineData(KvType.F32)]
    [InlineData(KvType.F16)]
    [InlineData(KvType.Q8)]
    public void RatioOne_EqualsDense_BitForBit(KvType type)
    {
        using var model = Load(new EngineOptions { Threads = 2, KvType = type });
        Read(model, [.. _a, .. _b]);
        using var dense = model.NewSession();
        using var session = model.NewSession(null, _method with { Ratio = 1 });
        session.Forward(_mixed).ToArray().ShouldBe(dense.Forward(_mixed).ToArray());
        session.Blended!.FromChunks.ShouldBe(5 * Length);
        session.Blended.Recomputed.ShouldBe([_mixed.Length, _mixed.Length, _mixed.Length]);
        session.ForwardAll(_turn).ShouldBe(dense.ForwardAll(_turn));
    }

    [Fact]
    public void RatioOne_OfTheBundledModel_EqualsDense_BitForBit()
    {
        using var model = LanguageModel.Load(Repository.BundledModel, new EngineOptions { Threads = 2 });
        var (first, second) = (Text(6, 256, 4000), Text(7, 256, 4000));
        Read(model, [.. first, .. second], new CacheBlend());
        int[] prompt = [.. second, .. first, 11, 12, 13];
        using var dense = model.NewSession();
        using var session = model.NewSession(null, new CacheBlend { Ratio = 1 });
        session.Forward(prompt).ToArray().ShouldBe(dense.Forward(prompt).ToArray());
        session.Blended!.FromChunks.ShouldBe(512);
    }

    [Fact]
    public void RatioZero_LeavesTheChunksKeysAndValues_ButForTheFirstLayer()
    {
        using var model = Load();
        Read(model, [.. _a, .. _b]);
        using var dense = model.NewSession();
        dense.Forward(_mixed);
        using var session = model.NewSession(null, _method with { Ratio = 0 });
        session.Forward(_mixed);
        var fresh = _mixed.Length - (5 * Length);
        session.Blended.ShouldBe(session.Blended! with { Held = 0, FromChunks = 5 * Length });
        session.Blended!.Recomputed.ShouldBe([_mixed.Length, fresh, fresh]);
        var rotary = new RotaryProbe(new LoweredRotary(new(16, Octavo.Models.Pairing.Halves, 10000), new([], [])), Octavo.Models.Pairing.Halves, 16, new EngineOptions());
        foreach (var (text, at) in new[] { (_b[..Length], 10), (_b[Length..], 10 + Length), (_a[..Length], 17 + (2 * Length)), (_a[^Length..], 17 + (4 * Length)) })
        {
            using var alone = model.ReadAlone(text, 0, default);
            for (var head = 0; head < 2; head++)
            {
                for (var layer = 1; layer < Layers; layer++)
                {
                    var (stored, chunk) = (new StoredHead(session.Cache, layer, head), new StoredHead(alone, layer, head));
                    stored.Values()[(at * 16)..((at + Length) * 16)].ShouldBe(chunk.Values());
                    var moved = rotary.Move(chunk.Keys(), [.. Enumerable.Range(0, Length)], at);
                    stored.Keys()[(at * 16)..((at + Length) * 16)].ShouldBe(moved);
                }
            }
        }
        new StoredHead(session.Cache, 0, 1).Keys().ShouldBe(new StoredHead(dense.Cache, 0, 1).Keys());
    }

    [Fact]
    public void Ratio_Rising_PicksMoreOfThoseThatDeviateMost_AndComesNearerToDense()
    {
        using var model = Load();
        int[] text = [.. _b, .. _a, .. _own];
        float[]? dense = null;
        var before = Array.Empty<int>();
        List<double> errors = [];
        foreach (var ratio in new[] { 1, 0.75, 0.5, 0.25, 0 })
        {
            using var probe = new BlendProbe(model, text, [2 * Length, 3 * Length], ratio);
            var (deviation, recomputed) = (probe.Outcome.Deviation, probe.Outcome.Recomputed);
            deviation.Length.ShouldBe(5 * Length);
            deviation.ShouldAllBe(number => number >= 0);
            // what stands at the beginning was read there
            deviation[..(2 * Length)].ShouldAllBe(number => number < 1e-10f);
            deviation[(2 * Length)..].Count(number => number > 1e-6f).ShouldBeGreaterThan(2 * Length);
            recomputed.Length.ShouldBe((int)(ratio * 5 * Length) + _own.Length);
            recomputed.ShouldBe(recomputed.Order());
            if (dense is null)
                (dense, before) = (probe.Logits, recomputed);
            recomputed.ShouldBeSubsetOf(before);
            var left = Enumerable.Range(0, 5 * Length).Except(recomputed).Select(position => deviation[position]).DefaultIfEmpty(0).Max();
            recomputed.Where(position => position < 5 * Length).Select(position => deviation[position]).DefaultIfEmpty(9).Min().ShouldBeGreaterThanOrEqualTo(left);
            before = recomputed;
            errors.Add(probe.Logits.Zip(dense, (x, y) => Math.Pow(x - y, 2)).Average());
        }
        errors[0].ShouldBe(0);
        errors.ShouldBe(errors.Order());
        errors[^1].ShouldBeGreaterThan(1e-6);
    }

    [Fact]
    public void Threads_AnswerAlike_AndInstructionSetsNearly()
    {
        float[]? one = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var model = Load(new EngineOptions { Threads = threads, Exact = true });
            var all = Answer(model);
            (one ??= all).ShouldBe(all);
        }
        using var scalar = Load(new EngineOptions { Threads = 1, Exact = true, InstructionSet = "scalar" });
        Answer(scalar).Zip(one!, (a, b) => Math.Abs(a - b)).Max().ShouldBeInRange(0, 1e-3f);

        static float[] Answer(LanguageModel model)
        {
            Read(model, [.. _a, .. _b]);
            using var session = model.NewSession(null, _method);
            float[] all = [.. session.Forward(_mixed), .. session.ForwardAll(_turn), .. session.Forward([3])];
            session.Blended!.Recomputed.ShouldBe([_mixed.Length, 64 + 47, 64 + 47]);
            return all;
        }
    }

    [Fact]
    public void Prompt_ThatIsSeenForTheFirstTime_IsReadAsEver_AndItsChunksAreStored()
    {
        using var model = Load();
        using var dense = model.NewSession();
        using (var session = model.NewSession(null, _method))
        {
            session.Forward([.. _a, .. _own]).ToArray().ShouldBe(dense.Forward([.. _a, .. _own]).ToArray());
            session.Blended.ShouldBeNull();
            session.Keep();
        }
        model.Chunks.ShouldBe(model.Chunks with { Chunks = 3, Hits = 0, Lookups = 1 });
        model.PrefixCache.Statistics.Pages.ShouldBe(3);
        // what stands in no chunk is cut from its beginning; what does is not stored again
        Read(model, _mixed);
        model.Chunks.ShouldBe(model.Chunks with { Chunks = 5, Hits = 3 });
        using var few = model.NewSession(null, _method with { MinTokens = (3 * Length) + 1 });
        few.Forward([.. _own, .. _a, 1]).ToArray().ShouldBe(Dense(model, [.. _own, .. _a, 1]));
        few.Blended.ShouldBeNull();
    }

    [Fact]
    public void Chunk_ThatEndsThePrompt_IsNotTakenForItsLastToken()
    {
        using var model = Load();
        Read(model, _a);
        using var session = model.NewSession(null, _method with { Ratio = 0 });
        session.Forward([1, .. _a]);
        session.Blended!.FromChunks.ShouldBe(2 * Length);
        session.Blended.Recomputed.ShouldBe([(3 * Length) + 1, Length + 1, Length + 1]);
    }

    [Fact]
    public void Beginning_InThePrefixCache_IsTaken_AndChunksBehindItAreBlended()
    {
        using var model = Load();
        Read(model, _a);
        using (var dense = model.NewSession())
        {
            dense.Forward([.. _b, 5]);
            dense.Keep();
        }
        int[] prompt = [.. _b, .. _own, .. _a, 7];
        using var session = model.NewSession(null, _method with { Ratio = 1 });
        var held = session.Reuse(prompt);
        held.ShouldBe(2 * Length);
        session.Forward(prompt.AsSpan(held)).ToArray().ShouldBe(Dense(model, prompt));
        session.Blended.ShouldBe(session.Blended! with { Held = held, FromChunks = 3 * Length });
        session.Blended!.Recomputed[0].ShouldBe(prompt.Length - held);
    }

    [Fact]
    public void Prompt_ThatWasBlended_IsNeitherSharedNorTakenApart()
    {
        using var model = Load();
        Read(model, [.. _a, .. _b]);
        var pages = model.PrefixCache.Statistics.Pages;
        using var session = model.NewSession(null, _method);
        session.Forward(_mixed);
        session.Keep();
        model.PrefixCache.Statistics.Pages.ShouldBe(pages);
        Should.Throw<ConfigException>(() => session.Rollback(100)).Message.ShouldContain("cacheblend");
        using var fork = session.Fork();
        fork.Keep();
        fork.Forward(_turn).ToArray().ShouldBe(session.Forward(_turn).ToArray());
        model.PrefixCache.Statistics.Pages.ShouldBe(pages);
        // a conversation goes on with what it has
        session.Reuse([.. _mixed, .. _turn, 8]).ShouldBe(_mixed.Length + _turn.Length);
        session.Rollback(0);
        session.Blended.ShouldBeNull();
        session.Forward(_own).ToArray().ShouldBe(Dense(model, _own));
        session.Blended.ShouldBeNull();
    }

    [Fact]
    public void Forward_ThatIsStopped_LeavesWhatTheSessionHeld()
    {
        using var model = Load();
        Read(model, [.. _a, .. _b]);
        using var stop = new CancellationTokenSource();
        using var session = model.NewSession(null, _method);
        var expected = session.Forward(_mixed).ToArray();
        session.Rollback(0);
        Should.Throw<OperationCanceledException>(() => session.Forward(_mixed, new Told(stop.Cancel), stop.Token).Length);
        session.Tokens.Length.ShouldBe(0);
        session.Forward(_mixed).ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Chunks_OfAnAdapter_AreNobodyElses()
    {
        using var model = Load();
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a");
        Read(model, _a);
        using var other = model.NewSession("a", _method with { Ratio = 1 });
        int[] prompt = [1, .. _a, 2];
        other.Forward(prompt);
        other.Blended.ShouldBeNull();
        using var again = model.NewSession("a", _method with { Ratio = 1 });
        using var dense = model.NewSession("a");
        again.Forward(prompt).ToArray().ShouldBe(dense.Forward(prompt).ToArray());
        again.Blended!.FromChunks.ShouldBe(3 * Length);
    }

    [Fact]
    public void ForwardAll_WantsEveryToken_SoAllOfThemRun()
    {
        using var model = Load();
        Read(model, [.. _a, .. _b]);
        using var dense = model.NewSession();
        using var session = model.NewSession(null, _method);
        session.ForwardAll(_mixed).ShouldBe(dense.ForwardAll(_mixed));
        session.Blended.ShouldBeNull();
    }

    [Theory]
    [InlineData("cacheblend:chunk=64,min_tokens=64+kivi:bits=4,group=8")]
    [InlineData("cacheblend:chunk=64,min_tokens=64+quest:budget=64")]
    [InlineData("knorm:budget=100+cacheblend:chunk=64,min_tokens=0,ratio=0.5")]
    public void Composition_WithWhatComesAfterThePrompt_Runs(string text)
    {
        using var model = Load();
        Read(model, [.. _a, .. _b]);
        using var session = model.NewSession(null, KvMethods.Parse(text));
        float[] all = [.. session.Forward(_mixed), .. session.ForwardAll(_turn)];
        all.ShouldAllBe(number => float.IsFinite(number));
        session.Blended.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("cacheblend:chunk=100", "multiple of 64")]
    [InlineData("cacheblend:ratio=1.5", "give 0 to 1")]
    [InlineData("cacheblend:ratio=NaN", "give 0 to 1")]
    [InlineData("cacheblend:min_tokens=-1", "at least 0")]
    [InlineData("cacheblend+cacheblend:ratio=0.5", "two of these blend")]
    [InlineData("cacheblend+snapkv:budget=64", "needs all of it to run")]
    [InlineData("cacheblend+tri_shape", "needs all of it to run")]
    public void Parse_WhatMakesNoSense_IsRefused(string text, string told) =>
        Should.Throw<ConfigException>(() => KvMethods.Parse(text)).Message.ShouldContain(told);

    [Fact]
    public void Model_WhoseKeysDependOnTheLength_IsRefused_UnlessItsContextIsShort()
    {
        var path = TinyModels.WriteLlama(_folder.File("dynamic"), contextLength: 128, changes: config =>
        {
            config["rope_scaling"] = new JsonObject { ["type"] = "dynamic", ["factor"] = 4.0 };
        });
        using (var model = LanguageModel.Load(path, new EngineOptions { Threads = 1 }))
            Should.Throw<UnsupportedException>(() => model.NewSession(null, _method)).Message.ShouldContain("within the trained length");
        using var shorter = LanguageModel.Load(path, new EngineOptions { Threads = 1, ContextLength = 128 });
        Read(shorter, _b[..Length]);
        using var session = shorter.NewSession(null, _method);
        session.Forward([1, 2, .. _b[..Length], 3]).ToArray().ShouldAllBe(number => float.IsFinite(number));
        session.Blended!.FromChunks.ShouldBe(Length);
    }

    [Fact]
    public void Batch_IsRefused()
    {
        using var model = Load();
        using var batch = new Batch(model, new BatchOptions());
        Should.Throw<UnsupportedException>(() => batch.Join(_a, new GenerationOptions { KvMethod = _method })).Message.ShouldContain("cacheblend");
    }

    public void Dispose() => _folder.Dispose();

    private LanguageModel Load(EngineOptions? options = null) => LanguageModel.Load(_path, options ?? new EngineOptions { Threads = 2, Exact = true });

    private static void Read(LanguageModel model, int[] text, CacheBlend? method = null)
    {
        using var session = model.NewSession(null, method ?? _method);
        session.Forward(text);
    }

    private static float[] Dense(LanguageModel model, int[] text)
    {
        using var session = model.NewSession();
        return session.Forward(text).ToArray();
    }

    private static int[] Text(int seed, int count, int vocabulary = 160)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }

    private sealed class Told(Action told) : IProgress<int>
    {
        public void Report(int value) => told();
    }
}
