using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Quantized rows in guarded memory.</summary>
internal sealed unsafe class Quantized : IDisposable
{
    private readonly Guarded<sbyte> _q;
    private readonly Guarded<float> _d;
    private readonly Guarded<float> _s;
    private readonly Guarded<int> _n;

    public Quantized(int rows, int columns, int bits)
    {
        var blocks = (rows + 3) / 4 * 4 * (columns / 32);
        _q = new Guarded<sbyte>(blocks * 64);
        _d = new Guarded<float>(blocks);
        _s = new Guarded<float>(blocks);
        _n = new Guarded<int>(blocks * 4);
        All = new QuantizedRows(_q.Pointer, _d.Pointer, _s.Pointer, _n.Pointer, columns, bits);
    }

    public QuantizedRows All { get; }

    public QuantizedRows Row(int row) => All.Row(row);

    /// <summary>The whole number at a column.</summary>
    public int Number(int row, int column)
    {
        var q = All.Row(row).Block(column / 32).Q + (column % 32);
        return (256 * *q) + q[4 * 32];
    }

    /// <summary>The number that a column stands for.</summary>
    public double Value(int row, int column) => (double)Number(row, column) * *All.Row(row).Block(column / 32).D;

    /// <summary>The scale of a block of the first row.</summary>
    public float Scale(int block) => *All.Block(block).D;

    /// <summary>The sum of a block of the first row.</summary>
    public float Sum(int block) => *All.Block(block).S;

    /// <summary>−Σ of the first half, of the second half, and of both.</summary>
    public (int First, int Second, int Both) Zeros(int block)
    {
        var n = All.Block(block).N;
        return (n[0], n[4], n[8]);
    }

    /// <summary>Whether a block of the first row has 16 bits.</summary>
    public bool IsWide(int block) => All.Block(block).N[12] != 0;

    /// <summary>Every byte within what products allow, in the rows that were written.</summary>
    public void CheckBytes(int blocks)
    {
        for (var b = 0; b < blocks; b++)
        {
            for (var i = 0; i < 64; i++)
                ((int)All.Block(b).Q[(i / 32 * 4 * 32) + (i % 32)]).ShouldBeInRange(-127, 127);
        }
    }

    public void CheckGuards()
    {
        _q.CheckGuards();
        _d.CheckGuards();
        _s.CheckGuards();
        _n.CheckGuards();
    }

    public void Dispose()
    {
        _q.Dispose();
        _d.Dispose();
        _s.Dispose();
        _n.Dispose();
    }
}
