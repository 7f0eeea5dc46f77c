using CsCheck;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public unsafe class QuantizeTests
{
    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void QuantizeI16_AnyFiniteNumbers_StaysWithinHalfAStep(string name) =>
        Gen.Float.Where(float.IsFinite).Array[32].Array[1, 4].Sample(blocks =>
        {
            float[] numbers = [.. blocks.SelectMany(block => block)];
            var (q, d, s) = Quantize(name, numbers);
            for (var b = 0; b < blocks.Length; b++)
            {
                var top = blocks[b].Max(MathF.Abs);
                if (top == 0)
                    d[b].ShouldBe(0);
                else
                    ((double)d[b]).ShouldBe(Math.Max(top / 32767.0, 1.1754943508222875e-38), d[b] * 1e-7);
                var sum = 0;
                for (var i = b * 32; i < (b + 1) * 32; i++)
                {
                    ((int)q[i]).ShouldBeInRange(-32767, 32767);
                    Math.Abs(numbers[i] - ((double)q[i] * d[b])).ShouldBeLessThanOrEqualTo((0.5 * d[b]) + (4 * Reference.Unit * Math.Abs(numbers[i])));
                    sum += q[i];
                }
                s[b].ShouldBe(d[b] * sum);
            }
        });

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void QuantizeI16_HalfSteps_RoundToEven(string name)
    {
        // max 32,767 makes d = 1, so the numbers are the steps themselves
        var numbers = new float[32];
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) = (32767, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f);
        var (q, d, _) = Quantize(name, numbers);
        d[0].ShouldBe(1);
        q[..7].ShouldBe([32767, 0, 2, 2, 0, -2, 0]);
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void QuantizeI16_NumbersInAnyPlace_KeepTheirOrder(string name)
    {
        var (q, _, _) = Quantize(name, [.. Enumerable.Range(0, 64).Select(i => (float)(i % 32 == 31 ? 32767 : i))]);
        q.ShouldBe([.. Enumerable.Range(0, 64).Select(i => (short)(i % 32 == 31 ? 32767 : i))]);
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void QuantizeI16_NotFinite_MakesItsBlockNaNAndNoOther(string name)
    {
        foreach (var bad in new[] { float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var numbers = Reference.Gaussians(96, 1);
            numbers[45] = bad;
            var (q, d, s) = Quantize(name, numbers);
            d.Select(float.IsNaN).ShouldBe([false, true, false]);
            s.Select(float.IsNaN).ShouldBe([false, true, false]);
            q[32..64].ShouldAllBe(number => number == 0);
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void QuantizeI16_ThenProduct_IsNearTheUnroundedProduct(string name)
    {
        foreach (var type in Reference.I16Types)
        {
            using var weights = Weights.Random(type, 8, 576, 21);
            using var rounded = new Product(KernelSets.Select(name), weights, 4, Reference.Gaussians(4 * 576, 22), true);
            using var exact = new Product(KernelSets.Select(name), weights, 4, Reference.Gaussians(4 * 576, 22), false);
            var (a, b) = (rounded.Run(0, 8, 0, 4), exact.Run(0, 8, 0, 4));
            for (var t = 0; t < 4; t++)
            {
                for (var r = 0; r < 8; r++)
                    Math.Abs(a[t, r] - b[t, r]).ShouldBeLessThan((float)(exact.Expected(t, r).Magnitude * 2e-5), $"{type} [{t}, {r}]");
            }
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void MatMulI16_AnyPartOfAnyShape_HasTheBitsOfTheWhole(string name)
    {
        var shapes =
            from type in Gen.Int[0, Reference.I16Types.Length - 1].Select(i => Reference.I16Types[i])
            from blocks in Gen.Int[1, 40]
            from rows in Gen.Int[1, 40]
            from tokens in Gen.Int[1, 12]
            from row in Gen.Int[0, rows - 1]
            from token in Gen.Int[0, tokens - 1]
            from i16 in Gen.Bool
            select (type, blocks, rows, tokens, row, token, i16);
        shapes.Sample(
            shape =>
            {
                var (type, blocks, rows, tokens, row, token, i16) = shape;
                using var weights = Weights.Random(type, rows, blocks * 32, (ulong)blocks);
                using var product = new Product(KernelSets.Select(name), weights, tokens, Reference.Gaussians(tokens * blocks * 32, 5), i16);
                var whole = product.Run(0, rows, 0, tokens);
                var part = product.Run(row, rows - row, token, tokens - token);
                for (var t = token; t < tokens; t++)
                {
                    for (var r = row; r < rows; r++)
                        BitConverter.SingleToInt32Bits(part[t - token, r - row]).ShouldBe(BitConverter.SingleToInt32Bits(whole[t, r]));
                }
            },
            iter: 40);
    }

    private static (short[] Q, float[] D, float[] S) Quantize(string name, float[] numbers)
    {
        using var x = new Guarded<float>(numbers.Length);
        using var q = new Guarded<short>(numbers.Length);
        using var d = new Guarded<float>(numbers.Length / 32);
        using var s = new Guarded<float>(numbers.Length / 32);
        numbers.CopyTo(x.Span);
        KernelSets.Select(name).QuantizeI16(x.Pointer, numbers.Length, q.Pointer, d.Pointer, s.Pointer);
        q.CheckGuards();
        d.CheckGuards();
        s.CheckGuards();
        return (q.Span.ToArray(), d.Span.ToArray(), s.Span.ToArray());
    }
}
