using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;
using Octavo.Models;

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
            _norm.Apply(kernels, x, y);
        else if (x != y)
            new ReadOnlySpan<float>(x, _width).CopyTo(new Span<float>(y, _width));
        if (_quantize)
            kernels.Quantize(y, _quantized.Row(row));
    }
}

/// <summary>Norms of queries and keys of each row, in place: of each head, or of all heads together, as wide as the weights are.</summary>
internal sealed unsafe class QkNormRegion(KernelSet kernels, Workspace work) : RowsRegion
{
    private LoweredAttention? _part;

    public QkNormRegion Of(LoweredAttention part)
    {
        _part = part;
        return this;
    }

    protected override void Row(int row)
    {
        var shape = _part!.Shape;
        Norm(_part.QNorm!, work.Q, row, shape.Heads * shape.HeadDim);
        Norm(_part.KNorm!, work.K, row, shape.KvHeads * shape.HeadDim);
    }

    private void Norm(LoweredNorm norm, float* x, int row, int width)
    {
        x += (long)row * width;
        for (var at = 0; at < width; at += norm.Width)
            norm.Apply(kernels, x + at, x + at);
    }
}

/// <summary>act(gate) · up of each row, or act(gate) where there is no up, in place of gate, and its quantization.</summary>
internal sealed unsafe class GateRegion(KernelSet kernels) : RowsRegion
{
    private Activation _act;
    private float* _gate;
    private float* _up;
    private int _width;
    private QuantizedRows _quantized;
    private bool _quantize;

    public void Begin(Activation act, float* gate, float* up, int width, QuantizedRows quantized, bool quantize)
    {
        _act = act;
        _gate = gate;
        _up = up;
        _width = width;
        _quantized = quantized;
        _quantize = quantize;
    }

    protected override void Row(int row)
    {
        var gate = _gate + ((long)row * _width);
        if (_up is null)
            kernels.Activate(_act, gate, _width);
        else
            kernels.GateMul(_act, gate, _up + ((long)row * _width), _width, gate);
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
                output.Apply(kernels, y, y);
            kernels.Add(x, y, width);
            if (_before.Post is { } post)
                post.Apply(kernels, x, x);
        }
        if (_next is null)
            return;
        var normed = work.Normed + ((long)row * width);
        if (_next.Pre is { } pre)
            pre.Apply(kernels, x, normed);
        else
            new ReadOnlySpan<float>(x, width).CopyTo(new Span<float>(normed, width));
        if (_quantizes)
            kernels.Quantize(normed, _quantized.Row(row));
    }
}
