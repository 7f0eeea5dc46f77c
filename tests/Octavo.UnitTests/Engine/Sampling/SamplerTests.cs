using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Sampling;
using Shouldly;

namespace Octavo.UnitTests.Engine.Sampling;

public class SamplerTests
{
    private static readonly float[] _four = [MathF.Log(0.4f), MathF.Log(0.3f), MathF.Log(0.2f), MathF.Log(0.1f)];

    [Fact]
    public void Choose_TemperatureZero_TakesTheFirstOfTheLargest() =>
        new Sampler(new GenerationOptions(), 5).Choose([1, 3, 2, 3, 0]).ShouldBe(1);

    [Fact]
    public void Choose_Temperature_DrawsInProportion()
    {
        var counts = Draw(new GenerationOptions { Temperature = 1, Seed = 7 });
        counts.ShouldBe([0.4, 0.3, 0.2, 0.1], 0.01);
    }

    [Fact]
    public void Choose_HalfTemperature_SquaresTheOdds()
    {
        var counts = Draw(new GenerationOptions { Temperature = 0.5f, Seed = 7 });
        counts.ShouldBe([16 / 30.0, 9 / 30.0, 4 / 30.0, 1 / 30.0], 0.01);
    }

    [Fact]
    public void Choose_TopK_KeepsTheLargest() =>
        Draw(new GenerationOptions { Temperature = 1, TopK = 2, Seed = 7 }).ShouldBe([4 / 7.0, 3 / 7.0, 0, 0], 0.01);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(1000)]
    public void Choose_TopKOfManyTokens_DrawsAllOfThemAndNoOther(int k)
    {
        var random = new SeededRandom((ulong)k);
        var logits = Enumerable.Range(0, 3000).Select(_ => (float)random.NextGaussian()).ToArray();
        var best = logits.Select((logit, id) => (logit, id)).OrderByDescending(pair => pair.logit).Take(k).Select(pair => pair.id);
        // so hot that each of them has nearly the same chance
        var sampler = new Sampler(new GenerationOptions { Temperature = 100, TopK = k, Seed = 7 }, logits.Length);
        Enumerable.Range(0, 20 * k).Select(_ => sampler.Choose(logits)).Distinct().Order().ShouldBe(best.Order());
    }

    [Theory]
    [InlineData(0.39f, 1)]
    [InlineData(0.41f, 2)]
    [InlineData(0.71f, 3)]
    [InlineData(0.91f, 4)]
    public void Choose_TopP_KeepsTheFewestThatReachIt(float p, int kept) =>
        Draw(new GenerationOptions { Temperature = 1, TopP = p, Seed = 7 }).Count(share => share > 0).ShouldBe(kept);

    [Theory]
    [InlineData(0.24f, 4)]
    [InlineData(0.26f, 3)]
    [InlineData(0.51f, 2)]
    [InlineData(0.76f, 1)]
    public void Choose_MinP_DropsTheUnlikely(float p, int kept) =>
        Draw(new GenerationOptions { Temperature = 1, MinP = p, Seed = 7 }).Count(share => share > 0).ShouldBe(kept);

    [Fact]
    public void Choose_TopKThenTopP_TakesTheNucleusOfWhatIsLeft() =>
        // Of 0.4 and 0.3 the first alone is 0.571.
        Draw(new GenerationOptions { Temperature = 1, TopK = 2, TopP = 0.57f, Seed = 7 }).ShouldBe([1, 0, 0, 0], 0.001);

    [Fact]
    public void Choose_SameSeed_SameTokens()
    {
        var options = new GenerationOptions { Temperature = 1, Seed = 3 };
        var (first, second, other) = (new Sampler(options, 4), new Sampler(options, 4), new Sampler(options with { Seed = 4 }, 4));
        var draws = Enumerable.Range(0, 50).Select(_ => (first.Choose(_four), second.Choose(_four), other.Choose(_four))).ToList();
        draws.ShouldAllBe(draw => draw.Item1 == draw.Item2);
        draws.ShouldContain(draw => draw.Item1 != draw.Item3);
    }

    [Fact]
    public void Choose_RepetitionPenalty_CountsThePrompt()
    {
        var sampler = new Sampler(new GenerationOptions { RepetitionPenalty = 2 }, 3);
        sampler.AcceptPrompt([0]);
        sampler.Choose([3, 2, 1]).ShouldBe(1);
        sampler.Choose([5, 2, 1]).ShouldBe(0);
        // Negative logits are multiplied: less likely too.
        sampler.Choose([-1, -1.5f, -9]).ShouldBe(1);
    }

    [Fact]
    public void Choose_PresencePenalty_CountsTheAnswerOnly()
    {
        var sampler = new Sampler(new GenerationOptions { PresencePenalty = 2 }, 3);
        sampler.AcceptPrompt([0]);
        sampler.Choose([3, 2, 1]).ShouldBe(0);
        sampler.Accept(0);
        sampler.Accept(0);
        sampler.Choose([3, 2, 1]).ShouldBe(1);
        sampler.Choose([4.5f, 2, 1]).ShouldBe(0);
    }

    [Fact]
    public void Choose_FrequencyPenalty_GrowsWithEachUse()
    {
        var sampler = new Sampler(new GenerationOptions { FrequencyPenalty = 1 }, 2);
        sampler.Accept(0);
        sampler.Choose([3.5f, 2]).ShouldBe(0);
        sampler.Accept(0);
        sampler.Choose([3.5f, 2]).ShouldBe(1);
    }

    [Fact]
    public void Choose_LogitBias_MovesTheChoice()
    {
        var options = new GenerationOptions { LogitBias = new Dictionary<int, float> { [2] = 10 } };
        new Sampler(options, 3).Choose([3, 2, 1]).ShouldBe(2);
        Should.Throw<ConfigException>(() => new Sampler(options, 2)).Message.ShouldContain("token 2");
    }

    [Fact]
    public void Choose_NotANumber_IsRefused()
    {
        Should.Throw<EvaluationException>(() => new Sampler(new GenerationOptions(), 3).Choose([1, float.NaN, 2]));
        Should.Throw<EvaluationException>(() => new Sampler(new GenerationOptions { Temperature = 1 }, 3).Choose([1, float.NaN, 2]));
    }

    [Fact]
    public void Choose_TinyTemperature_IsGreedyAndInfinityIsRefused()
    {
        new Sampler(new GenerationOptions { Temperature = 1e-40f }, 3).Choose([1, 3, 2]).ShouldBe(1);
        Should.Throw<EvaluationException>(() => new Sampler(new GenerationOptions { Temperature = 1 }, 2).Choose([1, float.PositiveInfinity]));
    }

    [Fact]
    public void Choose_EveryOption_AllocatesNothing()
    {
        var options = new GenerationOptions
        {
            Temperature = 0.8f, TopK = 40, TopP = 0.9f, MinP = 0.05f, RepetitionPenalty = 1.1f, PresencePenalty = 0.1f, FrequencyPenalty = 0.1f,
        };
        var random = new SeededRandom(1);
        var logits = Enumerable.Range(0, 5000).Select(_ => (float)random.NextGaussian() * 3).ToArray();
        var sampler = new Sampler(options, logits.Length);
        sampler.Accept(sampler.Choose(logits));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            sampler.Accept(sampler.Choose(logits));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Validate_ManyProblems_AllReported()
    {
        var options = new GenerationOptions { MaxTokens = 0, Temperature = -1, TopP = 0, MinP = 1, RepetitionPenalty = 0, Stop = [""] };
        var message = Should.Throw<ConfigException>(options.Validate).Message;
        foreach (var part in (string[])["max tokens", "temperature", "top-p", "min-p", "repetition penalty", "stop text"])
            message.ShouldContain(part);
    }

    [Fact]
    public void Validate_SamplingOptionAtTemperatureZero_IsRefused() =>
        Should.Throw<ConfigException>(new GenerationOptions { TopK = 40 }.Validate).Message.ShouldContain("no effect at temperature 0");

    [Fact]
    public void Top_Logits_OrderedWithTiesById()
    {
        Logits.Top([1, 4, 4, 2, 5], 3).ShouldBe([(4, 5f), (1, 4f), (2, 4f)]);
        Logits.LogSum(_four).ShouldBe(0, 1e-6);
    }

    private static double[] Draw(GenerationOptions options)
    {
        const int Draws = 40_000;
        var sampler = new Sampler(options, 4);
        var counts = new double[4];
        for (var i = 0; i < Draws; i++)
            counts[sampler.Choose(_four)] += 1.0 / Draws;
        return counts;
    }
}
