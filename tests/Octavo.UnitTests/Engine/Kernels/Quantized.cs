using Octavo.Engine.Kernels;

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
        Planes = bits == 8 ? 1 : 2;
        Columns = columns;
        var blocks = rows * (columns / 32);
        _q = new Guarded<sbyte>(blocks * 32 * Planes);
        _d = new Guarded<float>(blocks);
        _s = new Guarded<float>(blocks);
        _n = new Guarded<int>(blocks * 4);
        All = new QuantizedRows(_q.Pointer, _d.Pointer, _s.Pointer, _n.Pointer, columns, Planes);
    }

    public int Planes { get; }

    public int Columns { get; }

    public QuantizedRows All { get; }

    public QuantizedRows Row(int row) => All.Row(row);

    /// <summary>The whole number at a column.</summary>
    public int Number(int row, int column)
    {
        var at = ((row * (Columns / 32)) + (column / 32)) * 32 * Planes;
        var first = _q.Span[at + (column % 32)];
        return Planes == 1 ? first : (256 * first) + _q.Span[at + 32 + (column % 32)];
    }

    /// <summary>The number that a column stands for.</summary>
    public double Value(int row, int column) => (double)Number(row, column) * _d.Span[(row * (Columns / 32)) + (column / 32)];

    public float Scale(int block) => _d.Span[block];

    public float Sum(int block) => _s.Span[block];

    /// <summary>−Σ of the first half, of the second half, and of both.</summary>
    public (int First, int Second, int Both) Zeros(int block) => (_n.Span[4 * block], _n.Span[(4 * block) + 1], _n.Span[(4 * block) + 2]);

    /// <summary>The bytes, for what they must stay within.</summary>
    public ReadOnlySpan<sbyte> Bytes => _q.Span;

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
