namespace Octavo.Engine.Running;

/// <summary>Which adapter each row of the present products is run with, and room for what their A makes of the rows.</summary>
/// <param name="rows">The most rows of a block.</param>
internal sealed unsafe class AdapterCall(int rows) : IDisposable
{
    private readonly NativeBuffer<int> _all = new(rows);
    private readonly NativeBuffer<int> _chosen = new(rows);
    private NativeBuffer<float>? _reduced;
    private int _count;

    /// <summary>Whether a row of the block has an adapter; where none has, products do nothing beside.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The slot of each row that the present products run over; 0 for none.</summary>
    public int* Slots { get; private set; }

    /// <summary>Numbers from one row's A x to the next.</summary>
    public int Stride { get; private set; }

    /// <summary>Makes room for adapters of a rank.</summary>
    public void Reserve(int rank)
    {
        if (rank <= Stride)
            return;
        var larger = new NativeBuffer<float>((long)LinearRegion.MaxMatrices * rows * rank);
        _reduced?.Dispose();
        _reduced = larger;
        Stride = rank;
    }

    /// <summary>What A of one of the products' matrices makes of a row.</summary>
    public float* Reduced(int matrix, int row) => _reduced!.Pointer + (((long)matrix * rows) + row) * Stride;

    /// <summary>Begins a block.</summary>
    public void Begin(ReadOnlySpan<Row> block)
    {
        var any = 0;
        for (var row = 0; row < block.Length; row++)
            any |= _all.Pointer[row] = block[row].Adapter;
        IsActive = any != 0;
        _count = block.Length;
        ChooseAll();
    }

    /// <summary>The next products run over all rows of the block.</summary>
    public void ChooseAll() => Slots = _all.Pointer;

    /// <summary>The next products run over some rows, in this order.</summary>
    public void Choose(NativeList<int> chosen)
    {
        for (var i = 0; IsActive && i < chosen.Count; i++)
            _chosen.Pointer[i] = _all.Pointer[chosen[i]];
        Slots = _chosen.Pointer;
    }

    /// <summary>The next product runs over the rows that want something.</summary>
    public void ChooseWanting(ReadOnlySpan<Row> block)
    {
        var at = 0;
        for (var row = 0; IsActive && row < _count; row++)
        {
            if (block[row].Wanted != Wanted.Nothing)
                _chosen.Pointer[at++] = _all.Pointer[row];
        }
        Slots = _chosen.Pointer;
    }

    public void Dispose()
    {
        _all.Dispose();
        _chosen.Dispose();
        _reduced?.Dispose();
    }
}
