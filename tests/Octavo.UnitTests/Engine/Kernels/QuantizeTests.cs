using CsCheck;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public unsafe class QuantizeTests
{
    public static TheoryData<string, int> Widths
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var set in KernelSets.Available)
            {
                data.Add(set.Name, 8);
                data.Add(set.Name, 16);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Quantize_AnyFiniteNumbers_StaysWithinHalfAStep(string name, int bits) =>
        Gen.Float.Where(float.IsFinite).Array[32].Array[1, 4].Sample(blocks =>
        {
            float[] numbers = [.. blocks.SelectMany(block => block)];
            using var quantized = Quantize(name, numbers, bits);
            quantized.CheckBytes(blocks.Length);
            for (var b = 0; b < blocks.Length; b++)
            {
                var d = quantized.Scale(b);
                var top = blocks[b].Max(MathF.Abs);
                var wide = quantized.IsWide(b);
                if (bits == 16)
                    wide.ShouldBe(top > 0);
                // 8 bits are the upper ones
                var steps = wide ? 1 : 256;
                if (top == 0)
                    d.ShouldBe(0);
                else
                    ((double)d * steps).ShouldBe(Math.Max(top / (wide ? 127 * 256.0 : 127), Rounding.Smallest), d * steps * 1e-7);
                int[] sums = [0, 0];
                for (var i = 0; i < 32; i++)
                {
                    var (number, value) = (numbers[(b * 32) + i], quantized.Value(0, (b * 32) + i));
                    // a whole step further where the low byte would be −128
                    var step = wide ? 1.5 : 0.5 * steps;
                    Math.Abs(number - value).ShouldBeLessThanOrEqualTo((step * d) + (4 * Reference.Unit * Math.Abs(number)));
                    sums[i / 16] += quantized.Number(0, (b * 32) + i);
                }
                quantized.Zeros(b).ShouldBe((-sums[0], -sums[1], -sums[0] - sums[1]));
                quantized.Sum(b).ShouldBe(d * (sums[0] + sums[1]));
            }
        });

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void Quantize_HalfSteps_RoundToEven(string name)
    {
        foreach (var bits in (int[])[8, 16])
        {
            // the largest number makes a step 1, so the numbers are the steps themselves
            var numbers = new float[32];
            (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) = (bits == 8 ? 127 : 32512, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f);
            using var quantized = Quantize(name, numbers, bits);
            quantized.IsWide(0).ShouldBe(bits == 16);
            for (var i = 1; i < 6; i++)
                quantized.Value(0, i).ShouldBe(MathF.Round(numbers[i]));
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void Quantize_SixteenBits_KeepsEveryNumberButThoseWithTheLowestByte(string name)
    {
        for (var from = -32512; from < 32512; from += 30)
        {
            float[] numbers = [.. Enumerable.Range(0, 32).Select(i => i == 0 ? 32512f : Math.Min(from + i, 32512))];
            using var quantized = Quantize(name, numbers, 16);
            for (var i = 0; i < 32; i++)
                quantized.Number(0, i).ShouldBe(((int)numbers[i] & 0xFF) == 0x80 ? (int)numbers[i] + 1 : (int)numbers[i]);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Quantize_NumbersInAnyPlace_KeepTheirOrder(string name, int bits)
    {
        float[] numbers = [.. Enumerable.Range(0, 64).Select(i => i % 32 == 31 ? (bits == 8 ? 127f : 32512) : i)];
        using var quantized = Quantize(name, numbers, bits);
        for (var i = 0; i < 64; i++)
            quantized.Value(0, i).ShouldBe(numbers[i]);
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void Quantize_EightBitsWithAnOutlier_KeepsSixteenInItsBlockOnly(string name)
    {
        var numbers = Reference.Gaussians(1536, 3);
        numbers[70] = 100;
        using var quantized = Quantize(name, numbers, 8);
        for (var b = 0; b < 48; b++)
            quantized.IsWide(b).ShouldBe(b == 2);
        for (var i = 64; i < 96; i++)
            Math.Abs(quantized.Value(0, i) - numbers[i]).ShouldBeLessThan(1.5 * 100 / 32512);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Quantize_NotFinite_MakesItsBlockNaNAndNoOther(string name, int bits)
    {
        foreach (var bad in new[] { float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var numbers = Reference.Gaussians(96, 1);
            numbers[45] = bad;
            using var quantized = Quantize(name, numbers, bits);
            for (var b = 0; b < 3; b++)
            {
                float.IsNaN(quantized.Scale(b)).ShouldBe(b == 1);
                float.IsNaN(quantized.Sum(b)).ShouldBe(b == 1);
            }
            for (var i = 32; i < 64; i++)
                quantized.Number(0, i).ShouldBe(0);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Quantize_ThenProduct_IsNearTheUnroundedProduct(string name, int bits)
    {
        foreach (var type in Reference.PackedTypes)
        {
            using var weights = Weights.Random(type, 8, 768, 21);
            using var rounded = new Product(KernelSets.Select(name), weights, 4, Reference.Gaussians(4 * 768, 22), bits);
            using var exact = new Product(KernelSets.Select(name), weights, 4, Reference.Gaussians(4 * 768, 22), 32);
            var (a, b) = (rounded.Run(0, 8, 0, 4), exact.Run(0, 8, 0, 4));
            var bound = bits == 8 ? 5e-3 : 4e-5;
            for (var t = 0; t < 4; t++)
            {
                for (var r = 0; r < 8; r++)
                    Math.Abs(a[t, r] - b[t, r]).ShouldBeLessThan((float)(exact.Expected(t, r).Magnitude * bound), $"{type} [{t}, {r}]");
            }
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void MatMul_AnyPartOfAnyShape_HasTheBitsOfTheWhole(string name)
    {
        var shapes =
            from type in Gen.Int[0, Reference.PackedTypes.Length - 1].Select(i => Reference.PackedTypes[i])
            from supers in Gen.Int[1, type.BlockLength() == 256 ? 5 : 40]
            from rows in Gen.Int[1, 40]
            from tokens in Gen.Int[1, 12]
            from row in Gen.Int[0, rows - 1]
            from token in Gen.Int[0, tokens - 1]
            from bits in Gen.Int[1, 3].Select(i => i == 3 ? 32 : 8 * i)
            select (type, supers * type.BlockLength(), rows, tokens, row, token, bits);
        shapes.Sample(
            shape =>
            {
                var (type, columns, rows, tokens, row, token, bits) = shape;
                using var weights = Weights.Random(type, rows, columns, (ulong)columns);
                using var product = new Product(KernelSets.Select(name), weights, tokens, Reference.Gaussians(tokens * columns, 5), bits);
                var whole = product.Run(0, rows, 0, tokens);
                var part = product.Run(row, rows - row, token, tokens - token);
                for (var t = token; t < tokens; t++)
                {
                    for (var r = row; r < rows; r++)
                        BitConverter.SingleToInt32Bits(part[t - token, r - row]).ShouldBe(BitConverter.SingleToInt32Bits(whole[t, r]));
                }
            },
            iter: 60);
    }

    private static Quantized Quantize(string name, float[] numbers, int bits)
    {
        using var x = new Guarded<float>(numbers.Length);
        numbers.CopyTo(x.Span);
        var quantized = new Quantized(1, numbers.Length, bits);
        KernelSets.Select(name).Quantize(x.Pointer, quantized.All);
        quantized.CheckGuards();
        return quantized;
    }
}
