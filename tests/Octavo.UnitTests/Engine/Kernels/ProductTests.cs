using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public class ProductTests
{
    private static readonly int[] _rows = [1, 2, 3, 4, 5, 7, 8, 9, 16, 31];
    private static readonly int[] _tokens = [1, 2, 3, 4, 5, 8, 23, 64];

    public static TheoryData<string, TensorType, int> Products
    {
        get
        {
            var data = new TheoryData<string, TensorType, int>();
            foreach (var set in KernelSets.Available)
            {
                foreach (var type in Reference.PackedTypes)
                {
                    foreach (var bits in (int[])[8, 16, 32])
                        data.Add(set.Name, type, bits);
                }
                foreach (var type in Reference.DenseTypes)
                    data.Add(set.Name, type, 32);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Products))]
    public void MatMul_SmallShapes_EqualsDoubleReferenceAndItself(string name, TensorType type, int bits)
    {
        int[] columns = type.BlockLength() switch
        {
            1 => [1, 7, 8, 32, 33, 48, 64, 96],
            32 => [32, 64, 96],
            _ => [256, 512],
        };
        foreach (var count in columns)
            Check(name, type, bits, count, _rows, _tokens);
    }

    [Theory, MemberData(nameof(Products))]
    public void MatMul_LongRows_EqualsDoubleReferenceAndItself(string name, TensorType type, int bits)
    {
        // a panel of the AVX2 tile takes 768 columns: a part of one, one and a part, and two whole ones
        Check(name, type, bits, type.BlockLength() == 256 ? 512 : 576, [1, 5, 19], [1, 3, 7]);
        Check(name, type, bits, type.BlockLength() == 256 ? 1024 : 800, [3, 17], [1, 6]);
        Check(name, type, bits, 1536, [2, 17], [1, 5]);
    }

    [Theory, MemberData(nameof(Products))]
    public void MatMul_MoreTokensThanAPanelTakes_EqualsItself(string name, TensorType type, int bits) =>
        Check(name, type, bits, Math.Max(32, type.BlockLength()), [3, 20], [65, 131]);

    [Theory, MemberData(nameof(Products))]
    public void MatMul_Zeros_IsZero(string name, TensorType type, int bits)
    {
        using var weights = Weights.Random(type, 5, Columns(type), 7);
        foreach (var zero in new[] { 0f, -0f })
        {
            var activations = new float[5 * Columns(type)];
            activations.AsSpan().Fill(zero);
            using var product = new Product(KernelSets.Select(name), weights, 5, activations, bits);
            foreach (var output in product.Run(0, 5, 0, 5))
                output.ShouldBe(0);
        }
    }

    [Theory, MemberData(nameof(Products))]
    public void MatMul_ActivationNotFinite_MakesThatTokenNotFiniteAndNoOther(string name, TensorType type, int bits)
    {
        using var weights = Weights.Random(type, 9, Columns(type), 8);
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var activations = Reference.Gaussians(6 * Columns(type), 9);
            activations[(3 * Columns(type)) + 40] = bad;
            using var product = new Product(KernelSets.Select(name), weights, 6, activations, bits);
            var outputs = product.Run(0, 9, 0, 6);
            for (var t = 0; t < 6; t++)
            {
                for (var r = 0; r < 9; r++)
                    float.IsFinite(outputs[t, r]).ShouldBe(t != 3, $"token {t} row {r}");
            }
        }
    }

    private static int Columns(TensorType type) => Math.Max(64, type.BlockLength());

    private static void Check(string name, TensorType type, int bits, int columns, int[] rowCounts, int[] tokenCounts)
    {
        var (rows, tokens) = (rowCounts.Max(), tokenCounts.Max());
        using var weights = Weights.Random(type, rows, columns, (ulong)columns);
        using var product = new Product(KernelSets.Select(name), weights, tokens, Reference.Gaussians(tokens * columns, 3), bits);
        var alone = product.OneByOne();
        for (var t = 0; t < tokens; t++)
        {
            for (var r = 0; r < rows; r++)
                CheckNear(alone[t, r], product.Expected(t, r), columns, $"{columns} columns, token {t}, row {r}");
        }
        foreach (var rowCount in rowCounts)
        {
            foreach (var tokenCount in tokenCounts)
            {
                // parts that begin anywhere: at the end for rows, at the end for tokens
                var (row, token) = (rows - rowCount, tokens - tokenCount);
                var together = product.Run(row, rowCount, token, tokenCount);
                for (var t = 0; t < tokenCount; t++)
                {
                    for (var r = 0; r < rowCount; r++)
                        CheckSame(together[t, r], alone[token + t, row + r], $"{columns} columns, {rowCount} rows, {tokenCount} tokens: [{t}, {r}]");
                }
            }
        }
    }

    private static void CheckNear(float actual, (double Value, double Magnitude) expected, int columns, string place)
    {
        var bound = (4 + (4 * Math.Sqrt(columns))) * Reference.Unit * expected.Magnitude;
        if (!(Math.Abs(actual - expected.Value) <= bound))
            Assert.Fail($"{place}: {actual} is not {expected.Value} ± {bound}");
    }

    private static void CheckSame(float actual, float expected, string place)
    {
        if (BitConverter.SingleToInt32Bits(actual) != BitConverter.SingleToInt32Bits(expected))
            Assert.Fail($"{place}: {actual:R} together, {expected:R} alone");
    }
}
