using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>
/// Work on rows one by one. An item is eight of them: quantized rows lie in tiles of four, whose cache lines two threads must not write
/// by turns.
/// </summary>
internal abstract class RowsRegion : Region
{
    private const int RowsPerItem = 8;

    private int _rows;

    /// <summary>How many items so many rows are.</summary>
    public int Items(int rows)
    {
        _rows = rows;
        return (rows + RowsPerItem - 1) / RowsPerItem;
    }

    public sealed override void Run(int item, int worker)
    {
        var end = Math.Min(_rows, (item + 1) * RowsPerItem);
        for (var row = item * RowsPerItem; row < end; row++)
            Row(row);
    }

    /// <summary>Does one row.</summary>
    protected abstract void Row(int row);
}

/// <summary>Norm of each row, and its quantization where the next product takes quantized activations.</summary>
internal sealed unsafe class NormRegion(KernelSet kernels) : RowsRegion
{
    private LoweredNorm? _norm;
    private float* _x;
    private float* _y;
    private int _width;
    private QuantizedRows _quantized;
    private bool _quantize;

    public void Begin(LoweredNorm? norm, float* x, float* y, int width, QuantizedRows quantized, bool quantize)
    {
        _norm = norm;
        _x = x;
        _y = y;
        _width = width;
        _quantized = quantized;
        _quantize = quantize;
    }

    protected override void Row(int row)
    {
        var x = _x + ((long)row * _width);
        var y = _y + ((long)row * _width);
        if (_norm is not null)
            kernels.RmsNorm(x, _norm.Weight, _norm.Epsilon, _width, y);
        else if (x != y)
            new ReadOnlySpan<float>(x, _width).CopyTo(new Span<float>(y, _width));
        if (_quantize)
            kernels.Quantize(y, _quantized.Row(row));
    }
}

/// <summary>silu(gate) · up of each row, in place of gate, and its quantization.</summary>
internal sealed unsafe class GateRegion(KernelSet kernels) : RowsRegion
{
    private float* _gate;
    private float* _up;
    private int _width;
    private QuantizedRows _quantized;
    private bool _quantize;

    public void Begin(float* gate, float* up, int width, QuantizedRows quantized, bool quantize)
    {
        _gate = gate;
        _up = up;
        _width = width;
        _quantized = quantized;
        _quantize = quantize;
    }

    protected override void Row(int row)
    {
        var gate = _gate + ((long)row * _width);
        kernels.SiluMul(gate, _up + ((long)row * _width), _width, gate);
        if (_quantize)
            kernels.Quantize(gate, _quantized.Row(row));
    }
}

/// <summary>
/// What lies between two parts, in one pass over each row of the residual stream: x = Post(x + Out(y)) ends the one before, then the norm
/// of the next one and its quantization.
/// </summary>
internal sealed unsafe class StreamRegion(KernelSet kernels, Workspace work) : RowsRegion
{
    private LoweredResidual? _before;
    private LoweredResidual? _next;
    private bool _quantizes;
    private QuantizedRows _quantized;

    /// <param name="before">The part whose output is added; null before the first.</param>
    /// <param name="next">The part whose input is made; null behind the last.</param>
    public StreamRegion Between(LoweredResidual? before, LoweredResidual? next)
    {
        _before = before;
        _next = next;
        _quantizes = next is not null && next.Mix.QuantizesInput;
        _quantized = work.Quantized(work.Hidden);
        return this;
    }

    protected override void Row(int row)
    {
        var width = work.Hidden;
        var x = work.X + ((long)row * width);
        if (_before is not null)
        {
            var y = work.Out + ((long)row * width);
            if (_before.Out is { } output)
                kernels.RmsNorm(y, output.Weight, output.Epsilon, width, y);
            kernels.Add(x, y, width);
            if (_before.Post is { } post)
                kernels.RmsNorm(x, post.Weight, post.Epsilon, width, x);
        }
        if (_next is null)
            return;
        var normed = work.Normed + ((long)row * width);
        if (_next.Pre is { } pre)
            kernels.RmsNorm(x, pre.Weight, pre.Epsilon, width, normed);
        else
            new ReadOnlySpan<float>(x, width).CopyTo(new Span<float>(normed, width));
        if (_quantizes)
            kernels.Quantize(normed, _quantized.Row(row));
    }
}
