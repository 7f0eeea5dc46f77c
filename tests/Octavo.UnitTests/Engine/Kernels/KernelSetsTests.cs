using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public class KernelSetsTests
{
    [Fact]
    public void Select_Nothing_TakesTheFirst() => KernelSets.Select(null).ShouldBeSameAs(KernelSets.Available[0]);

    [Fact]
    public void Available_AnyMachine_EndsWithScalarAndNamesAreUnique()
    {
        KernelSets.Available[^1].Name.ShouldBe("scalar");
        KernelSets.Available.Select(set => set.Name).ShouldBeUnique();
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void Select_Name_GivesThatSet(string name) => KernelSets.Select(name).Name.ShouldBe(name);

    [Theory, InlineData("neon"), InlineData("AVX2"), InlineData("")]
    public void Select_UnknownName_IsRefusedWithWhatIsThere(string name)
    {
        var message = Should.Throw<UnsupportedException>(() => KernelSets.Select(name)).Message;
        message.ShouldContain($"'{name}'");
        foreach (var set in KernelSets.Available)
            message.ShouldContain(set.Name);
    }

    [Fact]
    public void MatMulPacked_Avx512_HasTheBitsOfAvx2()
    {
        Assert.SkipUnless(KernelSets.Available.Any(set => set.Name == "avx512"), "this machine has no AVX-512 set");
        foreach (var type in Reference.PackedTypes)
        {
            foreach (var bits in (int[])[8, 16])
            {
                using var weights = Weights.Random(type, 21, 768, 31);
                using var wide = new Product(KernelSets.Select("avx512"), weights, 13, Reference.Gaussians(13 * 768, 32), bits);
                using var narrow = new Product(KernelSets.Select("avx2"), weights, 13, Reference.Gaussians(13 * 768, 32), bits);
                wide.Run(0, 21, 0, 13).Cast<float>().ShouldBe(narrow.Run(0, 21, 0, 13).Cast<float>(), $"{type}, {bits} bits");
            }
        }
    }

    [Fact]
    public void MatMulF32_Avx512_HasTheBitsOfAvx2()
    {
        Assert.SkipUnless(KernelSets.Available.Any(set => set.Name == "avx512"), "this machine has no AVX-512 set");
        foreach (var type in (TensorType[])[TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0])
        {
            // whole tiles and not, fewer columns than a part, two parts, parts of which the last is short
            foreach (var (rows, columns, tokens) in ((int, int, int)[])[(8, 32, 12), (21, 384, 50), (17, 1024, 13), (9, 1568, 101), (7, 64, 20), (16, 64, 11)])
            {
                using var weights = Weights.Random(type, rows, columns, 31);
                using var wide = new Product(KernelSets.Select("avx512"), weights, tokens, Reference.Gaussians(tokens * columns, 32), 32);
                using var narrow = new Product(KernelSets.Select("avx2"), weights, tokens, Reference.Gaussians(tokens * columns, 32), 32);
                wide.Run(0, rows, 0, tokens).Cast<float>().ShouldBe(narrow.Run(0, rows, 0, tokens).Cast<float>(), $"{type} {rows} {columns} {tokens}");
            }
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void MatMulF32_EveryTypeCoreReads_AgreesWithCore(string name)
    {
        Assert.SkipUnless(Dequantizer.Supports(TensorType.Q4_K), "Core reads no quantized types");
        foreach (var type in Enum.GetValues<TensorType>().Where(Dequantizer.Supports))
        {
            const int Columns = 512;
            using var weights = CoreRow.Random(type, Columns, 5);
            var x = Reference.Gaussians(Columns, 6);
            double expected = 0, magnitude = 0;
            for (var c = 0; c < Columns; c++)
            {
                expected += (double)weights.Values[c] * x[c];
                magnitude += Math.Abs((double)weights.Values[c] * x[c]);
            }
            Math.Abs(weights.Multiply(KernelSets.Select(name), x) - expected).ShouldBeLessThan((1e-6 * magnitude) + 1e-30, $"{type}");
        }
    }
}
