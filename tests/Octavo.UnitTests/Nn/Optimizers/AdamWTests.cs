using Octavo.Core;
using Octavo.Nn.Optimizers;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Optimizers;

public class AdamWTests : TensorTest
{
    private const int Size = 37;

    private static readonly AdamWOptions _options = new() { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.1 };

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    public void Step_ThreeTimes_IsTheHandComputation(double scale)
    {
        using var scope = NewDisposeScope();
        var value = Leaf(Draw(1, Size));
        using var optimizer = new AdamW([("w", value)], _options);
        var hand = new HandAdamW(_options, Numbers(value).Select(number => (double)number));
        for (var step = 1; step <= 3; step++)
        {
            var rate = 0.01 * step;
            var gradient = Draw((ulong)(10 + step), Size);
            value.grad = gradient;
            optimizer.GradientNorm().ShouldBe(Math.Sqrt(Numbers(gradient).Sum(number => (double)number * number)), 1e-5);
            optimizer.Step(rate, scale);
            hand.Step([.. Numbers(gradient).Select(number => (double)number)], rate, scale);
        }
        for (var i = 0; i < Size; i++)
            Numbers(value)[i].ShouldBe((float)hand.Weights[i], 2e-6f, $"number {i}");
        optimizer.Steps.ShouldBe(3);
    }

    // more numbers than are turned at once, and not a whole number of vectors
    [Theory]
    [InlineData(Size)]
    [InlineData(2500)]
    public void Step_OfBf16_IsThatOfFp32RoundedToTheNearest(int size)
    {
        using var scope = NewDisposeScope();
        var half = Leaf(Draw(1, size).to(ScalarType.BFloat16));
        using var optimizer = new AdamW([("w", half)], _options);
        var wide = Leaf(half.detach().to(ScalarType.Float32));
        using var reference = new AdamW([("w", wide)], _options);
        for (var step = 0; step < 3; step++)
        {
            var gradient = Draw((ulong)(20 + step), size).to(ScalarType.BFloat16);
            (half.grad, wide.grad) = (gradient, gradient.to(ScalarType.Float32));
            optimizer.GradientNorm().ShouldBe(reference.GradientNorm(), 1e-6 * size);
            optimizer.Step(0.02, 0.5);
            reference.Step(0.02, 0.5);
            using (no_grad())
                wide.copy_(wide.to(ScalarType.BFloat16).to(ScalarType.Float32));
            Numbers(half.to(ScalarType.Float32)).ShouldBe(Numbers(wide));
        }
        foreach (var (state, other) in optimizer.State.Zip(reference.State))
            Numbers(state.Value).ShouldBe(Numbers(other.Value), state.Name);
    }

    [Fact]
    public void Step_GradientOfAnotherType_IsRefused()
    {
        using var scope = NewDisposeScope();
        var value = Leaf(Draw(1, 8).to(ScalarType.Float64));
        using var optimizer = new AdamW([("w", value)]);
        value.grad = value.detach().clone();
        Should.Throw<ShapeException>(() => optimizer.Step(0.1)).Message.ShouldContain("bf16");
    }

    private static float[] Numbers(Tensor x)
    {
        using var apart = x.detach();
        return apart.data<float>().ToArray();
    }
}
