using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Numbers at their limits: random data never fills an accumulator.</summary>
public class ExtremeTests
{
    private const int Columns = 96;

    public static TheoryData<string, TensorType> Blocks
    {
        get
        {
            var data = new TheoryData<string, TensorType>();
            foreach (var set in KernelSets.Available)
            {
                foreach (var type in Reference.BlockTypes)
                    data.Add(set.Name, type);
            }
            return data;
        }
    }

    public static TheoryData<string, TensorType> AllPacked
    {
        get
        {
            var data = new TheoryData<string, TensorType>();
            foreach (var set in KernelSets.Available)
            {
                foreach (var type in Reference.PackedTypes)
                    data.Add(set.Name, type);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(AllPacked))]
    public void MatMulPacked_EverythingAtItsLimit_IsExact(string name, TensorType type)
    {
        // 0x80 and 0x7F are the ends of 8 bits; 0x00 and 0xFF those of 4, 5 and 6, and of the scales of 6 bits
        foreach (var bits in new byte[] { 0x00, 0x7F, 0x80, 0xFF })
        {
            foreach (var sign in new[] { 1f, -1f })
            {
                foreach (var width in (int[])[8, 16])
                {
                    using var weights = Weights.Constant(type, 9, 768, Half.One, Half.Zero, bits);
                    var activations = new float[5 * 768];
                    activations.AsSpan().Fill(sign);
                    using var product = new Product(KernelSets.Select(name), weights, 5, activations, width);
                    product.Quantized.Number(0, 7).ShouldBe((int)(sign * 32512));
                    CheckAll(product, 64 * Reference.Unit);
                }
            }
        }
    }

    [Theory, MemberData(nameof(AllPacked))]
    public void Pack_ScaleNotFinite_IsRefused(string name, TensorType type)
    {
        _ = name;
        foreach (var bad in new[] { Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity })
        {
            using var weights = Weights.Random(type, 9, 512, 12);
            Pack(weights).ShouldBeTrue();
            weights.SetScale((4 * weights.RowBytes) + type.BlockBytes(), bad, (Half)0.25);
            Pack(weights).ShouldBeFalse();
            weights.SetScale((4 * weights.RowBytes) + type.BlockBytes(), (Half)0.25, bad);
            Pack(weights).ShouldBe(!weights.HasMin);
        }
    }

    [Theory, MemberData(nameof(Blocks))]
    public void MatMul_SubnormalScales_AreNotFlushed(string name, TensorType type)
    {
        foreach (var scale in new[] { Half.Epsilon, -Half.Epsilon, BitConverter.UInt16BitsToHalf(0x03FF), Half.MaxValue })
        {
            using var weights = Weights.Constant(type, 9, Columns, scale, Half.Epsilon, 0x5B);
            var activations = Reference.Gaussians(5 * Columns, 11);
            using var rounded = new Product(KernelSets.Select(name), weights, 5, activations, 16);
            CheckAll(rounded, 64 * Reference.Unit);
            using var exact = new Product(KernelSets.Select(name), weights, 5, activations, 32);
            CheckAll(exact, 64 * Reference.Unit);
        }
    }

    [Theory, MemberData(nameof(Blocks))]
    public void MatMul_ScaleNotFinite_MakesThatRowNotFiniteAndNoOther(string name, TensorType type)
    {
        foreach (var bad in new[] { Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity })
        {
            using var weights = Weights.Random(type, 9, Columns, 12);
            weights.SetScale((4 * weights.RowBytes) + type.BlockBytes(), bad, (Half)0.25);
            using var product = new Product(KernelSets.Select(name), weights, 5, Reference.Gaussians(5 * Columns, 13), 32);
            var outputs = product.Run(0, 9, 0, 5);
            for (var t = 0; t < 5; t++)
            {
                for (var r = 0; r < 9; r++)
                    float.IsFinite(outputs[t, r]).ShouldBe(r != 4, $"{bad}, token {t}, row {r}");
            }
        }
    }

    [Theory, MemberData(nameof(Blocks))]
    public void MatMul_MinimumNotANumber_MakesThatRowNotANumber(string name, TensorType type)
    {
        if (type is not (TensorType.Q4_1 or TensorType.Q5_1))
            return;
        using var weights = Weights.Random(type, 3, Columns, 14);
        weights.SetScale((2 * weights.RowBytes) + type.BlockBytes(), (Half)0.25, Half.NaN);
        using var product = new Product(KernelSets.Select(name), weights, 4, Reference.Gaussians(4 * Columns, 15), 32);
        var outputs = product.Run(0, 3, 0, 4);
        for (var t = 0; t < 4; t++)
        {
            float.IsNaN(outputs[t, 2]).ShouldBeTrue();
            float.IsFinite(outputs[t, 1]).ShouldBeTrue();
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void MatMulF32_EveryHalf_IsReadExactly(string name)
    {
        var set = KernelSets.Select(name);
        // one number at a time: 8 columns of which one counts, so that the vector path reads it
        using var one = Weights.Random(TensorType.F16, 1, 8, 1);
        using var product = new Product(set, one, 1, [0, 0, 0, 1, 0, 0, 0, 0], 32);
        for (var i = 0; i < 65536; i++)
        {
            one.Data.Clear();
            BitConverter.TryWriteBytes(one.Data[6..], (ushort)i);
            var expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            product.Run(0, 1, 0, 1)[0, 0].ShouldBe(expected == 0 ? 0 : expected);
        }
    }

    private static bool Pack(Weights weights)
    {
        using var packed = new Packed(weights.All);
        return packed.AllFinite;
    }

    private static void CheckAll(Product product, double relative)
    {
        var outputs = product.Run(0, product.Weights.Rows, 0, product.Tokens);
        for (var t = 0; t < product.Tokens; t++)
        {
            for (var r = 0; r < product.Weights.Rows; r++)
            {
                var (value, magnitude) = product.Expected(t, r);
                Math.Abs(outputs[t, r] - value).ShouldBeLessThanOrEqualTo(relative * magnitude, $"token {t}, row {r}: {outputs[t, r]} for {value}");
            }
        }
    }
}
