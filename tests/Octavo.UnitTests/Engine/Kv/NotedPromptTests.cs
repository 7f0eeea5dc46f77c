using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>One reading of a prompt, forked to every method that leaves the reading alone.</summary>
public sealed class NotedPromptTests : IDisposable
{
    private static readonly int[] _prompt = [.. Enumerable.Range(0, MethodList.Tokens).Select(i => ((i * 37) + (i * i / 5)) % 160)];
    private static readonly int[] _turn = [.. Enumerable.Range(0, 9).Select(i => (i * 53) % 160)];

    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;

    public NotedPromptTests() =>
        _model = LanguageModel.Load(TinyModels.WriteLlama(_folder.File("model"), seed: 5), new EngineOptions { Threads = 2, Exact = true });

    [Fact]
    public void Fork_ToEveryMethod_IsASessionThatReadThePromptWithIt()
    {
        var methods = MethodList.All().Where(known => !known.Method.Attends && known.Method.Blend is null).ToList();
        using var noted = _model.NewSession(null, NotedPrompt.For([.. methods.Select(known => known.Method)]));
        noted.Forward(_prompt);
        methods.Count.ShouldBeGreaterThan(50);
        foreach (var (name, method) in methods)
        {
            using var own = _model.NewSession(null, method);
            own.Forward(_prompt);
            using var fork = noted.Fork(method);
            fork.KvBytes.ShouldBe(own.KvBytes, name);
            fork.ForwardAll(_turn).ShouldBe(own.ForwardAll(_turn), name);
            fork.Forward([3]).ToArray().ShouldBe(own.Forward([3]).ToArray(), name);
        }
        // and the one that noted is as dense as ever
        using var dense = _model.NewSession();
        dense.Forward(_prompt);
        noted.ForwardAll(_turn).ShouldBe(dense.ForwardAll(_turn));
    }

    [Fact]
    public void Fork_OfADensePrompt_WorksForMethodsThatNeedNothingNoted()
    {
        using var dense = _model.NewSession();
        dense.Forward(_prompt);
        using var own = _model.NewSession(null, KvMethods.Parse("kivi:bits=4,group=8"));
        own.Forward(_prompt);
        using var fork = dense.Fork(own.Method!);
        fork.ForwardAll(_turn).ShouldBe(own.ForwardAll(_turn));
        Should.Throw<ConfigException>(() => dense.Fork(new Tova { Budget = 20 })).Message.ShouldContain("not noted");
    }

    [Fact]
    public void Fork_ThatCannotBe_IsRefused()
    {
        using var noted = _model.NewSession(null, NotedPrompt.For([new Tova { Budget = 20 }]));
        Should.Throw<ConfigException>(() => noted.Fork(new Tova { Budget = 20 })).Message.ShouldContain("read nothing");
        noted.Forward(_prompt);
        Should.Throw<UnsupportedException>(() => noted.Fork(new CacheBlend())).Message.ShouldContain("cacheblend");
        Should.Throw<UnsupportedException>(() => noted.Fork(new AShape())).Message.ShouldContain("a_shape");
        Should.Throw<ConfigException>(() => noted.Fork(new SnapKv { Window = 8, Budget = 20 })).Message.ShouldContain("not noted");
        Should.Throw<ConfigException>(() => noted.Fork(new Tova())).Message.ShouldContain("budget");
        using (var compressed = noted.Fork(new Tova { Budget = 20 }))
            Should.Throw<ConfigException>(() => compressed.Fork(new Knorm { Budget = 9 })).Message.ShouldContain("tova");
        noted.Forward([1]);
        Should.Throw<ConfigException>(() => noted.Fork(new Tova { Budget = 20 })).Message.ShouldContain("before anything follows");
        Should.Throw<UnsupportedException>(() => NotedPrompt.For([new AShape()]));
        Should.Throw<ConfigException>(() => NotedPrompt.For([new ExpectedAttention { Budget = 9 }, new ExpectedAttention { Budget = 9, Sinks = 5 }]));
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }
}
