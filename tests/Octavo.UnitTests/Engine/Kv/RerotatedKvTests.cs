using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Cache;
using Octavo.Engine.Kv;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

public sealed class RerotatedKvTests : IDisposable
{
    private static readonly int[] _prompt = [.. Enumerable.Range(0, 150).Select(i => ((i * 37) + (i * i / 5)) % 160)];
    private static readonly GenerationOptions _options = new() { MaxTokens = 9, IgnoreEnd = true, WithoutText = true, KvMethod = KvMethods.Parse("rerotated(knorm:budget=40)") };

    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;

    public RerotatedKvTests() =>
        _model = LanguageModel.Load(TinyModels.WriteLlama(_folder.File("model"), seed: 5), new EngineOptions { Threads = 2, Exact = true });

    [Fact]
    public void Kept_MovesTogether_AndLaterTokensGoOnBehindIt()
    {
        using var plain = _model.NewSession(null, new Knorm { Budget = 40 });
        using var session = _model.NewSession(null, _options.KvMethod);
        session.Forward(_prompt).ToArray().ShouldBe(plain.Forward(_prompt).ToArray());
        var (before, after) = (new StoredHead(plain.Cache, 1, 0), new StoredHead(session.Cache, 1, 0));
        after.Positions.Span.ToArray().ShouldBe(Enumerable.Range(0, 40));
        after.Values().ShouldBe(before.Values());
        // turning changes no length
        Lengths(after.Keys()).Zip(Lengths(before.Keys()), (a, b) => Math.Abs(a - b)).Max().ShouldBeInRange(0, 1e-5f);
        after.Keys().ShouldNotBe(before.Keys());
        session.Tokens.Length.ShouldBe(150);
        session.Forward([1, 2, 3]).ToArray().ShouldAllBe(number => float.IsFinite(number));
        new StoredHead(session.Cache, 0, 1).Positions.Span.ToArray().ShouldBe(Enumerable.Range(0, 43));

        static float[] Lengths(float[] keys) => [.. keys.Chunk(16).Select(key => MathF.Sqrt(key.Sum(x => x * x)))];
    }

    [Fact]
    public void Batch_GoesOnAtTheSamePlace()
    {
        using var session = _model.NewSession(null, _options.KvMethod);
        List<int> alone = [.. new Generator(_model, session, _options).Run(_prompt).Select(token => token.Id)];
        using var batch = new Batch(_model, new BatchOptions());
        batch.Join(_prompt, _options);
        List<int> together = [];
        while (batch.Count > 0)
            together.AddRange(batch.Step().ToArray().Select(result => result.Token.Id));
        together.ShouldBe(alone);
    }

    [Fact]
    public void Heads_ThatKeepDifferentNumbers_AreRefused_AndTheSessionIsEmpty()
    {
        using var session = _model.NewSession(null, KvMethods.Parse("rerotated(pyramidkv:window=8,budget=60,beta=4)"));
        Should.Throw<ConfigException>(() => session.Forward(_prompt)).Message.ShouldContain("keeps as many everywhere");
        session.Tokens.Length.ShouldBe(0);
        Should.Throw<ConfigException>(() => KvMethods.Parse("rerotated(full)")).Message.ShouldContain("rate tokens");
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }
}
