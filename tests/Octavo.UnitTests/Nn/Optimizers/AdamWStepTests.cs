using Octavo.Nn.Optimizers;
using Octavo.Training.Steps;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Optimizers;

public class AdamWStepTests : TensorTest
{
    private const double Rate = 0.02, Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-6, Decay = 0.1, MostNorm = 1.5;

    private static readonly double[][] _gradients = [[3.0, -4.0, 0.5], [-0.2, 0.1, 0.3], [1.0, 2.0, -2.0]];

    // the formulas of the paper, number by number, in double precision; clipping as torch does it
    [Fact]
    public void Step_ThreeWithClipping_EqualTheFormulas()
    {
        double[] weights = [0.5, -1.0, 2.0];
        double[] means = new double[3], squares = new double[3];
        using var value = tensor([0.5f, -1f, 2f], requires_grad: true);
        using var optimizer = new AdamW([("w", value)], new AdamWOptions { Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon, WeightDecay = Decay });
        for (var step = 1; step <= 3; step++)
        {
            var gradient = _gradients[step - 1];
            var norm = Math.Sqrt(gradient.Sum(g => g * g));
            var scale = Math.Min(1, MostNorm / (norm + 1e-6));
            for (var i = 0; i < 3; i++)
            {
                var g = gradient[i] * scale;
                means[i] = (Beta1 * means[i]) + ((1 - Beta1) * g);
                squares[i] = (Beta2 * squares[i]) + ((1 - Beta2) * g * g);
                weights[i] -= Rate * Decay * weights[i];
                weights[i] -= Rate * (means[i] / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(squares[i] / (1 - Math.Pow(Beta2, step))) + Epsilon);
            }
            using var given = tensor(gradient.Select(g => (float)g).ToArray());
            value.grad = given;
            optimizer.GradientNorm().ShouldBe(norm, 1e-6);
            optimizer.Step(Rate, Clipping.Scale(optimizer.GradientNorm(), MostNorm));
            optimizer.ZeroGradients();
            var found = value.data<float>().ToArray();
            for (var i = 0; i < 3; i++)
                ((double)found[i]).ShouldBe(weights[i], 1e-6, $"step {step}, weight {i}");
        }
        optimizer.Steps.ShouldBe(3);
    }
}
