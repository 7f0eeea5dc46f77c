using Octavo.Core;
using Octavo.Models;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Models.Vocabulary;

public class RotaryFrequenciesTests
{
    private const double Relative = 1e-6;

    [Fact]
    public void Compute_Plain_GivesPowersOfTheBase() =>
        Check(Of(8, null), [1, 0.1, 0.01, 0.001], attention: 1);

    // SmolLM2: 130,000 in the model of 1.7 billion parameters, 100,000 in the small ones
    [Theory]
    [InlineData(130_000, 0.69213254, 0.00277350, 1.111392e-5)]
    [InlineData(100_000, 0.69783058, 0.00316228, 1.433013e-5)]
    public void Compute_BasesOfSmolLm2_GiveThePublishedFrequencies(double theta, double first, double sixteenth, double last)
    {
        var inverse = new double[32];
        RotaryFrequencies.Compute(Of(64, null) with { Theta = theta }, 100, [], inverse);
        // the values are given to so many digits
        inverse[1].ShouldBe(first, first * Relative);
        inverse[16].ShouldBe(sixteenth, 5e-9);
        inverse[31].ShouldBe(last, last * Relative);
    }

    [Fact]
    public void Compute_Linear_DividesAll() =>
        Check(Of(8, new LinearScaling(4)), [0.25, 0.025, 0.0025, 0.00025], attention: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Compute_DynamicUpToTheTrainedLength_IsPlain(int length) =>
        Check(Of(8, new DynamicScaling(2, 32)), [1, 0.1, 0.01, 0.001], attention: 1, length);

    [Fact]
    public void Compute_DynamicBeyondTheTrainedLength_RaisesTheBase() =>
        // 2·64/32 − 1 = 3, so the base is 10000 · 3^(8/6)
        Check(Of(8, new DynamicScaling(2, 32)), [1, 0.06933612743506348, 0.0048074985676913606, 0.0003333333333333333], attention: 1, length: 64);

    [Fact]
    public void Compute_DynamicOneTokenFurther_ChangesTheBaseAgain()
    {
        var (at64, at65) = (new double[4], new double[4]);
        RotaryFrequencies.Compute(Of(8, new DynamicScaling(2, 32)), 64, [], at64);
        RotaryFrequencies.Compute(Of(8, new DynamicScaling(2, 32)), 65, [], at65);
        at65[3].ShouldBeLessThan(at64[3]);
    }

    [Fact]
    public void Compute_Llama3_KeepsBlendsAndDivides() =>
        // waves 6.28, 62.8, 628, 6283 against 64/4 = 16 and 64/1 = 64
        Check(Of(8, new Llama3Scaling(8, 1, 4, 64)), [1, 0.013042256043820465, 0.00125, 0.000125], attention: 1);

    [Fact]
    public void Compute_Yarn_RampsOverWholeDimensions() =>
        // the ramp runs from dimension 0 to 2 (1.41 rounded up)
        Check(Of(16, Yarn(truncate: true)), Powers(16, [1, 0.625, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]), attention: 1.1386294361119890);

    [Fact]
    public void Compute_YarnUntruncated_RampsOverBrokenDimensions() =>
        Check(
            Of(16, Yarn(truncate: false)),
            Powers(16, [1, 0.25 + (0.75 * (1 - (1 / 1.4139402199))), 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]),
            attention: 1.1386294361119890);

    [Fact]
    public void Compute_Factors_DivideThePlainFrequencies() =>
        Check(Of(8, null), [1, 0.05, 0.0025, 0.000125], attention: 1, length: 1, [1, 2, 4, 8]);

    [Fact]
    public void Compute_WrongLengths_Throws()
    {
        Should.Throw<ShapeException>(() => RotaryFrequencies.Compute(Of(8, null), 1, [], new double[3])).Message.ShouldContain("4 are expected");
        Should.Throw<ShapeException>(() => RotaryFrequencies.Compute(Of(8, null), 1, [1f, 2f], new double[4])).Message.ShouldContain("factors 2");
    }

    [Fact]
    public unsafe void Compute_Llama3_AgreesWithTheDivisorsOfTheGgufGolden()
    {
        using var gguf = Checkpoint.Open(Path.Combine(GoldenFolder.Find("gguf/files/llama3-rope"), "model.gguf"));
        using var folder = Checkpoint.Open(GoldenFolder.Find("decoders/llama3-rope"));
        var order = gguf.Model.AttentionOf(0).Order!;
        var divisors = new ReadOnlySpan<float>(gguf.Resolve(order.Factors!).Data, 16).ToArray();
        var (fromFile, fromConfig) = (new double[16], new double[16]);

        RotaryFrequencies.Compute(order, 1, divisors, fromFile);
        RotaryFrequencies.Compute(folder.Model.AttentionOf(0).Order!, 1, [], fromConfig);

        divisors.ShouldContain(8f);
        divisors.ShouldContain(divisor => divisor > 1 && divisor < 8);
        for (var i = 0; i < 16; i++)
            fromConfig[i].ShouldBe(fromFile[i], fromFile[i] * Relative);
    }

    private static Rotary Of(int dims, RotaryScaling? scaling) => new(dims, Pairing.Halves, 10000, scaling);

    private static YarnScaling Yarn(bool truncate) => new(4, 32, 32, 1, (0.1 * Math.Log(4)) + 1, truncate);

    private static double[] Powers(int dims, double[] kept) => [.. kept.Select((k, i) => k * Math.Pow(10000, -2.0 * i / dims))];

    private static void Check(Rotary rotary, double[] expected, double attention, int length = 1, float[]? factors = null)
    {
        var inverse = new double[expected.Length];
        RotaryFrequencies.Compute(rotary, length, factors, inverse).ShouldBe((float)attention, 1e-6f);
        for (var i = 0; i < expected.Length; i++)
            inverse[i].ShouldBe(expected[i], expected[i] * Relative, $"pair {i}");
    }
}
