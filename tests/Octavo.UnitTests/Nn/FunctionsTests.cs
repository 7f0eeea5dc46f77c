using Octavo.Nn.Functions;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn;

/// <summary>Each function of ours beside the same in libtorch's own operations: values and gradients.</summary>
public class FunctionsTests : TensorTest
{
    [Theory]
    [InlineData(3, 32)]
    [InlineData(7, 19)]
    [InlineData(64, 576)]
    public void RmsNorm_LikeOperations(int rows, int width)
    {
        using var scope = NewDisposeScope();
        Compare(
            [Draw(1, rows, width), Draw(2, width)],
            x => RmsNorm.Apply(x[0], x[1], 1e-5f, ScalarType.Float32),
            x => x[0] * (x[0].square().mean([-1], keepdim: true) + 1e-5).rsqrt() * x[1]);
    }

    [Theory]
    [InlineData(3, 32)]
    [InlineData(5, 21)]
    public void SwiGlu_LikeOperations(int rows, int width)
    {
        using var scope = NewDisposeScope();
        Compare([Draw(1, rows, width), Draw(2, rows, width)], x => SwiGlu.Apply(x[0], x[1]), x => nn.functional.silu(x[0]) * x[1]);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(64, 64)]
    [InlineData(12, 6)]
    public void RotaryHalves_LikeOperations(int width, int dims)
    {
        using var scope = NewDisposeScope();
        var angle = Draw(3, 5, 1, dims / 2);
        var (cos, sin) = (angle.cos(), angle.sin());
        Compare([Draw(1, 5, 3, width)], x => RotaryHalves.Apply(x[0], cos, sin), x =>
        {
            var (a, b) = (x[0].narrow(2, 0, dims / 2), x[0].narrow(2, dims / 2, dims / 2));
            return cat([(a * cos) - (b * sin), (b * cos) + (a * sin), x[0].narrow(2, dims, width - dims)], 2);
        });
    }

    [Fact]
    public void LowRankLinear_LikeOperations()
    {
        using var scope = NewDisposeScope();
        var (w, bias) = (Draw(9, 24, 16), Draw(8, 24));
        Compare([Draw(1, 7, 16), Draw(2, 4, 16), Draw(3, 24, 4)],
            x => LowRankLinear.Apply(x[0], w, bias, x[1], x[2], 0.75),
            x => nn.functional.linear(x[0], w, bias) + (nn.functional.linear(nn.functional.linear(x[0], x[1]), x[2]) * 0.75));
    }

    [Fact]
    public void Functions_InBf16_AreRoundedOnce()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (Draw(1, 9, 40), Draw(2, 40));
        var exact = RmsNorm.Apply(x, w, 1e-5f, ScalarType.Float32);
        var rounded = RmsNorm.Apply(x, w, 1e-5f, ScalarType.BFloat16);
        rounded.dtype.ShouldBe(ScalarType.BFloat16);
        Difference(rounded, exact.to(ScalarType.BFloat16)).ShouldBe(0);
        var (gate, up) = (Draw(3, 9, 40).to(ScalarType.BFloat16), Draw(4, 9, 40).to(ScalarType.BFloat16));
        var wide = SwiGlu.Apply(gate.to(ScalarType.Float32), up.to(ScalarType.Float32)).to(ScalarType.BFloat16);
        Difference(SwiGlu.Apply(gate, up), wide).ShouldBe(0);
    }

    private static void Compare(Tensor[] inputs, Func<Tensor[], Tensor> own, Func<Tensor[], Tensor> plain)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Leaves(inputs), Leaves(inputs));
        var (y, z) = (own(a), plain(b));
        var gradient = Draw(77, [.. z.shape.Select(size => (int)size)]);
        y.backward([gradient]);
        z.backward([gradient]);
        Difference(y, z).ShouldBeLessThan(2e-5);
        for (var i = 0; i < inputs.Length; i++)
            Difference(a[i].grad!, b[i].grad!).ShouldBeLessThan(5e-5, $"gradient {i}");
    }

    private static Tensor[] Leaves(Tensor[] inputs) => [.. inputs.Select(x =>
    {
        var leaf = x.detach().clone();
        leaf.requires_grad = true;
        return leaf;
    })];

    private static double Difference(Tensor a, Tensor b) => (a - b).abs().max().to(ScalarType.Float32).item<float>();

    private static Tensor Draw(ulong seed, params int[] shape)
    {
        var random = new Octavo.Core.SeededRandom(seed);
        var numbers = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)random.NextGaussian();
        return tensor(numbers, [.. shape.Select(size => (long)size)]);
    }
}
