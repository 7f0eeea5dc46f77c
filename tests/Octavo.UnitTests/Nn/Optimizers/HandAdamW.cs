using Octavo.Nn.Optimizers;

namespace Octavo.UnitTests.Nn.Optimizers;

/// <summary>The formulas of AdamW's paper (arXiv 1711.05101), number by number, in double precision.</summary>
internal sealed class HandAdamW(AdamWOptions options, IEnumerable<double> weights)
{
    private readonly double[] _weights = [.. weights];
    private readonly double[] _means = new double[weights.Count()];
    private readonly double[] _squares = new double[weights.Count()];
    private int _step;

    /// <summary>The weights after the steps so far.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>One step.</summary>
    /// <param name="gradient">As many numbers as there are weights.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="scale">What clipping multiplies the gradient with.</param>
    public void Step(IReadOnlyList<double> gradient, double rate, double scale)
    {
        _step++;
        for (var i = 0; i < _weights.Length; i++)
        {
            var g = gradient[i] * scale;
            _means[i] = (options.Beta1 * _means[i]) + ((1 - options.Beta1) * g);
            _squares[i] = (options.Beta2 * _squares[i]) + ((1 - options.Beta2) * g * g);
            var (mean, square) = (_means[i] / (1 - Math.Pow(options.Beta1, _step)), _squares[i] / (1 - Math.Pow(options.Beta2, _step)));
            _weights[i] -= (rate * options.WeightDecay * _weights[i]) + (rate * mean / (Math.Sqrt(square) + options.Epsilon));
        }
    }
}
