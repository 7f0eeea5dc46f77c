// AdamW (arXiv 1711.05101); reference: torch.optim.AdamW, whose order of operations this keeps. One pass over memory per step: clipping,
// both moments, decay and update of a number happen together, in managed code, where libtorch makes a pass for each.
using Octavo.Core;
using static TorchSharp.torch;

namespace Octavo.Nn.Optimizers;

/// <summary>Settings of <see cref="AdamW"/>.</summary>
public sealed record AdamWOptions
{
    /// <summary>Decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of their squares.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean of squares.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay, on every tensor (as the reference does for Llama, norms included).</summary>
    public double WeightDecay { get; init; }
}

/// <summary>
/// AdamW over fp32 or bf16 tensors, computed in fp32: a bf16 number is rounded to the nearest after each step. Owns the moments, which are fp32; the
/// tensors belong to their model.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly (string Name, Tensor Value)[] _trained;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly AdamWOptions _options;

    /// <param name="trained">What is to be changed, by name.</param>
    /// <param name="options">Its settings.</param>
    public AdamW(IEnumerable<(string Name, Tensor Value)> trained, AdamWOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trained);
        _options = options ?? new AdamWOptions();
        _trained = [.. trained];
        if (_trained.Length == 0)
            throw new ConfigException("there is nothing to train.");
        _means = [.. _trained.Select(part => zeros(part.Value.shape, ScalarType.Float32).DetachFromDisposeScope())];
        _squares = [.. _trained.Select(part => zeros(part.Value.shape, ScalarType.Float32).DetachFromDisposeScope())];
    }

    /// <summary>Steps done.</summary>
    public long Steps { get; private set; }

    /// <summary>Bytes of the moments.</summary>
    public long Bytes => _trained.Sum(part => part.Value.numel() * 2 * sizeof(float));

    /// <summary>The moments by name (<c>NAME.exp_avg</c>, <c>NAME.exp_avg_sq</c>), for checkpoints. They belong to the optimizer.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _trained.SelectMany((part, i) =>
        ((string, Tensor)[])[(part.Name + ".exp_avg", _means[i]), (part.Name + ".exp_avg_sq", _squares[i])]);

    /// <summary>Says how many steps the moments that were loaded have seen.</summary>
    /// <param name="steps">At least 0.</param>
    public void Resume(long steps) => Steps = steps;

    /// <summary>The norm of all gradients as one vector; tensors without a gradient count as 0.</summary>
    public double GradientNorm()
    {
        var sum = 0.0;
        foreach (var (_, value) in _trained)
        {
            using var gradient = value.grad;
            if (gradient is not null)
                sum += AdamWKernel.SumOfSquares(gradient);
        }
        return Math.Sqrt(sum);
    }

    /// <summary>Changes every tensor by its gradient.</summary>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="gradientScale">What gradients are multiplied with: the clipping factor.</param>
    public void Step(double learningRate, double gradientScale = 1)
    {
        Steps++;
        var update = new AdamWUpdate(_options, learningRate, gradientScale, Steps);
        for (var i = 0; i < _trained.Length; i++)
        {
            using var gradient = _trained[i].Value.grad;
            if (gradient is not null)
                AdamWKernel.Apply(update, _trained[i].Value, gradient, _means[i], _squares[i]);
        }
    }

    /// <summary>Drops all gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var (_, value) in _trained)
        {
            value.grad?.Dispose();
            value.grad = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. _means, .. _squares])
            tensor.Dispose();
    }
}
