using Octavo.Core;
using Octavo.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

/// <summary>NF4 against its definition, number by number; what bitsandbytes makes of a matrix is a golden.</summary>
public class Nf4Tests
{
    public static TheoryData<int> Lengths => [1, 2, 31, 63, 64, 65, 127, 128, 150, 1000, 4096];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Quantize_AnyLength_TakesTheNearestLevelOfEachBlock(int length)
    {
        var numbers = Numbers(length, 3);
        var (packed, scales) = Quantized(numbers);

        for (var i = 0; i < length; i++)
        {
            var block = numbers.AsSpan(i / 64 * 64, Math.Min(64, length - (i / 64 * 64))).ToArray();
            scales[i / 64].ShouldBe(block.Max(MathF.Abs));
            var code = i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 15;
            var nearest = Enumerable.Range(0, 16).Min(level => MathF.Abs((numbers[i] / scales[i / 64]) - Nf4.CodeBook[level]));
            MathF.Abs((numbers[i] / scales[i / 64]) - Nf4.CodeBook[code]).ShouldBe(nearest, 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Dequantize_AnyLength_IsLevelTimesMagnitude(int length)
    {
        var (packed, scales) = Quantized(Numbers(length, 4));
        var back = new float[length];
        Nf4.Dequantize(packed, scales, back);
        back.ShouldBe(Enumerable.Range(0, length).Select(i =>
            Nf4.CodeBook[i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 15] * scales[i / 64]));
    }

    [Fact]
    public void Dequantize_Levels_ComeBackAsTheyAre()
    {
        float[] numbers = [.. Nf4.CodeBook, .. Nf4.CodeBook, .. Nf4.CodeBook, .. Nf4.CodeBook];
        var (packed, scales) = Quantized(numbers);
        var back = new float[64];
        Nf4.Dequantize(packed, scales, back);
        back.ShouldBe(numbers);
    }

    [Fact]
    public void Quantize_ZerosOnly_StayZero()
    {
        var (packed, scales) = Quantized(new float[65]);
        packed.ShouldAllBe(both => both == 0x77);
        scales.ShouldBe([0, 0]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Quantize_NotFinite_NamesTheNumber(float bad)
    {
        var numbers = Numbers(200, 1);
        numbers[137] = bad;
        Should.Throw<InputFileException>(() => Quantized(numbers)).Message.ShouldContain("Number 137 is");
    }

    [Fact]
    public void Quantize_WrongLength_SaysHowManyAreNeeded() =>
        Should.Throw<ShapeException>(() => Nf4.Quantize(new float[65], new byte[33], new float[1])).Message.ShouldContain("take 2 scales");

    [Fact]
    public void QuantizeScales_Magnitudes_ComeBackWithinAStep()
    {
        var scales = Numbers(600, 9).Select(number => 1 + MathF.Abs(number)).ToArray();
        var (codes, nested, back) = (new byte[600], new float[3], new float[600]);
        var mean = Nf4.QuantizeScales(scales, codes, nested);
        mean.ShouldBe(scales.Average(), 1e-6);
        Nf4.DequantizeScales(codes, nested, mean, back);
        for (var i = 0; i < 600; i++)
        {
            var left = (scales[i] - mean) / nested[i / 256];
            var nearest = Nf4.ScaleCodeBook.ToArray().Min(level => MathF.Abs(left - level));
            MathF.Abs(left - Nf4.ScaleCodeBook[codes[i]]).ShouldBe(nearest, 1e-7);
            back[i].ShouldBe((Nf4.ScaleCodeBook[codes[i]] * nested[i / 256]) + mean);
        }
    }

    [Fact]
    public void ScaleCodeBook_Levels_AscendAndAreSymmetricButForOne()
    {
        var levels = Nf4.ScaleCodeBook.ToArray();
        levels.Length.ShouldBe(256);
        levels.ShouldBe(levels.Distinct().Order());
        levels.Where(level => !levels.Contains(-level)).ShouldBe([1]);
    }

    private static (byte[] Packed, float[] Scales) Quantized(float[] numbers)
    {
        var (packed, scales) = (new byte[Nf4.PackedBytes(numbers.Length)], new float[Nf4.Blocks(numbers.Length)]);
        Nf4.Quantize(numbers, packed, scales);
        return (packed, scales);
    }

    private static float[] Numbers(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
