using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>
/// A mixture of experts: each expert runs the rows that chose it, one expert after the other, so that a row's sum has one order whatever rows
/// stand beside it.
/// </summary>
internal sealed unsafe class ExpertsPass(
    KernelSet kernels, WorkerPool pool, Workspace work, LinearRegion linear, FeedForward feed, AdapterCall adapters) : IDisposable
{
    private readonly NormRegion _quantize = new(kernels);
    private readonly NativeBuffer<float> _input = new((long)work.Rows * work.Hidden);
    private readonly NativeBuffer<float> _output = new((long)work.Rows * work.Hidden);
    private readonly NativeList<int> _chosen = new();
    private NativeBuffer<float>? _shares;

    /// <summary>What its buffers take.</summary>
    public static long BytesOf(int rows, int hidden, int experts) => (((2L * hidden) + experts) * rows * sizeof(float)) + (rows * sizeof(int));

    /// <summary>Adds up what the experts make of the normed rows.</summary>
    public void Run(LoweredExperts part, int rows)
    {
        var experts = part.Each.Length;
        if ((_shares?.Length ?? 0) < (long)work.Rows * experts)
        {
            _shares?.Dispose();
            _shares = new NativeBuffer<float>((long)work.Rows * experts);
        }
        linear.Begin(work.Normed, work.Quantized(work.Hidden), work.Hidden, rows);
        linear.Add(part.Router, _shares!.Pointer);
        linear.RunOn(pool);
        for (var row = 0; row < rows; row++)
            Choose(new Span<float>(_shares.Pointer + ((long)row * experts), experts), part.Active);
        new Span<float>(work.Out, rows * work.Hidden).Clear();
        for (var expert = 0; expert < experts; expert++)
            Run(part.Each[expert], expert, experts, rows);
        adapters.ChooseAll();
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _chosen.Dispose();
        _shares?.Dispose();
    }

    /// <summary>Router outputs become shares: softmax, the best few of it, divided by their sum; 0 for the others. Of equals the first wins.</summary>
    private static void Choose(Span<float> scores, int active)
    {
        var top = float.NegativeInfinity;
        foreach (var score in scores)
            top = MathF.Max(top, score);
        // the sum of all cancels out
        foreach (ref var score in scores)
            score = MathF.Exp(score - top);
        var sum = 0f;
        for (var i = 0; i < active; i++)
        {
            var best = -1;
            for (var expert = 0; expert < scores.Length; expert++)
            {
                if (scores[expert] >= 0 && (best < 0 || scores[expert] > scores[best]))
                    best = expert;
            }
            // NaN chooses nobody, and makes the row NaN
            if (best < 0)
            {
                scores.Fill(float.NaN);
                return;
            }
            sum += scores[best];
            // chosen ones are negative until all are, and never equal to one that is not
            scores[best] = -1 - scores[best];
        }
        foreach (ref var score in scores)
            score = score < 0 ? (-1 - score) / sum : 0;
    }

    private void Run(LoweredMlp expert, int index, int experts, int rows)
    {
        _chosen.Truncate(0);
        for (var row = 0; row < rows; row++)
        {
            // also NaN, which is not 0
            if (_shares!.Pointer[((long)row * experts) + index] != 0)
                _chosen.Add(row);
        }
        if (_chosen.Count == 0)
            return;
        var width = work.Hidden;
        for (var i = 0; i < _chosen.Count; i++)
            Row(work.Normed, _chosen[i], width).CopyTo(Row(_input.Pointer, i, width));
        _quantize.Begin(null, _input.Pointer, _input.Pointer, width, work.Quantized(width), expert.QuantizesInput);
        pool.Run(_quantize, _quantize.Items(_chosen.Count));
        adapters.Choose(_chosen);
        feed.Run(expert, _input.Pointer, _chosen.Count, _output.Pointer);
        for (var i = 0; i < _chosen.Count; i++)
        {
            var output = _output.Pointer + ((long)i * width);
            kernels.Scale(output, _shares!.Pointer[((long)_chosen[i] * experts) + index], width);
            kernels.Add(work.Out + ((long)_chosen[i] * width), output, width);
        }
    }

    private static Span<float> Row(float* x, int row, int width) => new(x + ((long)row * width), width);
}
