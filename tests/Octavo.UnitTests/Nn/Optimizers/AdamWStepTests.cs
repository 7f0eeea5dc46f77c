using Octavo.Nn.Optimizers;
using Octavo.Training.Steps;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Optimizers;

public class AdamWStepTests : TensorTest
{
    private const double Rate = 0.02, MostNorm = 1.5;

    private static readonly double[][] _gradients = [[3.0, -4.0, 0.5], [-0.2, 0.1, 0.3], [1.0, 2.0, -2.0]];

    // clipping as torch does it
    [Fact]
    public void Step_ThreeWithClipping_EqualTheFormulas()
    {
        var options = new AdamWOptions { Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.1 };
        var hand = new HandAdamW(options, [0.5, -1.0, 2.0]);
        using var value = tensor([0.5f, -1f, 2f], requires_grad: true);
        using var optimizer = new AdamW([("w", value)], options);
        for (var step = 1; step <= 3; step++)
        {
            var gradient = _gradients[step - 1];
            var norm = Math.Sqrt(gradient.Sum(g => g * g));
            hand.Step(gradient, Rate, Math.Min(1, MostNorm / (norm + 1e-6)));
            using var given = tensor(gradient.Select(g => (float)g).ToArray());
            value.grad = given;
            optimizer.GradientNorm().ShouldBe(norm, 1e-6);
            optimizer.Step(Rate, Clipping.Scale(optimizer.GradientNorm(), MostNorm));
            optimizer.ZeroGradients();
            var found = value.data<float>().ToArray();
            for (var i = 0; i < 3; i++)
                ((double)found[i]).ShouldBe(hand.Weights[i], 1e-6, $"step {step}, weight {i}");
        }
        optimizer.Steps.ShouldBe(3);
    }
}
