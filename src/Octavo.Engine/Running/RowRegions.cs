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

/// <summary>act(gate) · up of each row, in place of gate, and its quantization.</summary>
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

/// <summary>x = Post(x + Out(y)) of each row.</summary>
internal sealed unsafe class ResidualRegion(KernelSet kernels) : RowsRegion
{
    private LoweredResidual? _part;
    private float* _x;
    private float* _y;
    private int _width;

    public void Begin(LoweredResidual part, float* x, float* y, int width)
    {
        _part = part;
        _x = x;
        _y = y;
        _width = width;
    }

    protected override void Row(int row)
    {
        var x = _x + ((long)row * _width);
        var y = _y + ((long)row * _width);
        if (_part!.Out is { } output)
            kernels.RmsNorm(y, output.Weight, output.Epsilon, _width, y);
        kernels.Add(x, y, _width);
        if (_part.Post is { } post)
            kernels.RmsNorm(x, post.Weight, post.Epsilon, _width, x);
    }
}
