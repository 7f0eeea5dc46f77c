using Octavo.Core;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Generation;

public class LikelihoodTests
{
    [Theory]
    [InlineData("llama")]
    // keys of these depend on the length of the sequence that they were computed for, here beyond 32
    [InlineData("phi3-longrope-cross")]
    [InlineData("llama-dynamic-rope")]
    public void Of_Continuations_DoNotDependOnTheirOrder(string name)
    {
        using var model = LanguageModel.Load(Repository.At("golden", "decoders", name), new EngineOptions { Threads = 2 });
        int[] context = Tokens(1, 24);
        (int[] Context, int[] Continuation)[] pairs =
        [
            (context, Tokens(2, 4)), (context, Tokens(3, 20)), (context, Tokens(4, 5)), ([.. context, .. Tokens(5, 12)], Tokens(6, 6)), (context[..9], Tokens(7, 3)),
        ];
        var alone = pairs.Select(pair => Of(model, [pair]).Single()).ToList();
        Of(model, pairs).ShouldBe(alone);
        Of(model, pairs.Reverse()).Reverse().ShouldBe(alone);
        alone.ShouldAllBe(likelihood => likelihood.Nll > 0);
    }

    [Fact]
    public void Of_Continuation_IsWhatTheWholeTextHasMoreThanItsBeginning()
    {
        using var model = LanguageModel.Load(Repository.At("golden", "decoders", "llama"), new EngineOptions { Threads = 2 });
        var (context, continuation) = (Tokens(1, 9), Tokens(2, 70));
        var likelihood = Of(model, [(context, continuation)]).Single();
        likelihood.Tokens.ShouldBe(70);
        likelihood.Nll.ShouldBe(Likelihood.Of(model, (int[])[.. context, .. continuation]).Nll - Likelihood.Of(model, context).Nll, 1e-3);
    }

    [Fact]
    public void Of_NoTokenOrTooMany_IsRefused()
    {
        using var model = LanguageModel.Load(Repository.At("golden", "decoders", "llama"), new EngineOptions { Threads = 2 });
        Should.Throw<ConfigException>(() => Of(model, [([], [1])])).Message.ShouldContain("at least 1");
        Should.Throw<ConfigException>(() => Of(model, [([1], [])])).Message.ShouldContain("at least 1");
        Should.Throw<ResourceException>(() => Of(model, [(Tokens(1, model.ContextLength), [1])])).Message.ShouldContain("nothing was cut");
    }

    private static IReadOnlyList<Likelihood> Of(LanguageModel model, IEnumerable<(int[] Context, int[] Continuation)> pairs)
    {
        using var session = model.NewSession();
        return [.. pairs.Select(pair => Likelihood.Of(session, pair.Context, pair.Continuation))];
    }

    private static int[] Tokens(ulong seed, int count)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 3 + random.Next(90))];
    }
}
