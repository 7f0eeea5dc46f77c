using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>Norm of each row, and its rounding where the next product takes rounded activations.</summary>
internal sealed unsafe class NormRegion(KernelSet kernels) : Region
{
    private LoweredNorm? _norm;
    private float* _x;
    private float* _y;
    private int _width;
    private ActivationsI16 _rounded;
    private bool _round;

    public void Begin(LoweredNorm? norm, float* x, float* y, int width, ActivationsI16 rounded, bool round)
    {
        _norm = norm;
        _x = x;
        _y = y;
        _width = width;
        _rounded = rounded;
        _round = round;
    }

    public override void Run(int item, int worker)
    {
        var x = _x + ((long)item * _width);
        var y = _y + ((long)item * _width);
        if (_norm is not null)
            kernels.RmsNorm(x, _norm.Weight, _norm.Epsilon, _width, y);
        else if (x != y)
            new ReadOnlySpan<float>(x, _width).CopyTo(new Span<float>(y, _width));
        if (_round)
            Rounding.Round(kernels, y, item, _rounded);
    }
}

/// <summary>act(gate) · up of each row, in place of gate, and its rounding.</summary>
internal sealed unsafe class GateRegion(KernelSet kernels) : Region
{
    private float* _gate;
    private float* _up;
    private int _width;
    private ActivationsI16 _rounded;
    private bool _round;

    public void Begin(float* gate, float* up, int width, ActivationsI16 rounded, bool round)
    {
        _gate = gate;
        _up = up;
        _width = width;
        _rounded = rounded;
        _round = round;
    }

    public override void Run(int item, int worker)
    {
        var gate = _gate + ((long)item * _width);
        kernels.SiluMul(gate, _up + ((long)item * _width), _width, gate);
        if (_round)
            Rounding.Round(kernels, gate, item, _rounded);
    }
}

/// <summary>x = Post(x + Out(y)) of each row.</summary>
internal sealed unsafe class ResidualRegion(KernelSet kernels) : Region
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

    public override void Run(int item, int worker)
    {
        var x = _x + ((long)item * _width);
        var y = _y + ((long)item * _width);
        if (_part!.Out is { } output)
            kernels.RmsNorm(y, output.Weight, output.Epsilon, _width, y);
        kernels.Add(x, y, _width);
        if (_part.Post is { } post)
            kernels.RmsNorm(x, post.Weight, post.Epsilon, _width, x);
    }
}

/// <summary>Rounds one row of a block to 16 bits.</summary>
internal static unsafe class Rounding
{
    public static void Round(KernelSet kernels, float* row, int index, in ActivationsI16 target)
    {
        var blocks = target.Columns / 32;
        kernels.QuantizeI16(
            row, target.Columns, target.Q + ((long)index * target.Columns), target.D + ((long)index * blocks), target.S + ((long)index * blocks));
    }
}
