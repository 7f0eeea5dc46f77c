using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>
/// Up to three matrices times one input, cut into chunks of rows. Chunks change no bit, so their size is free. Where rows have adapters, what
/// those add follows each chunk's product.
/// </summary>
internal sealed unsafe class LinearRegion(KernelSet kernels, Workspace workspace, AdapterCall adapters) : Region
{
    /// <summary>The most matrices of a product.</summary>
    public const int MaxMatrices = 3;

    private const int ChunkBytes = 32 * 1024;

    private readonly AdapterRegion _reduce = new(kernels, workspace, adapters);
    private readonly LoweredLinear[] _matrices = new LoweredLinear[MaxMatrices];
    private readonly nint[] _outputs = new nint[MaxMatrices];
    private readonly int[] _strides = new int[MaxMatrices];
    private readonly int[] _chunkRows = new int[MaxMatrices];
    private readonly int[] _ends = new int[MaxMatrices];
    private int _count;
    private float* _x;
    private QuantizedRows _quantized;
    private int _columns;
    private int _tokens;

    /// <summary>Begins a product: the input is [tokens, columns], in fp32 and quantized.</summary>
    public void Begin(float* x, QuantizedRows quantized, int columns, int tokens)
    {
        _x = x;
        _quantized = quantized;
        _columns = columns;
        _tokens = tokens;
        _count = 0;
    }

    /// <summary>Adds a matrix whose output goes to <paramref name="y"/> [tokens, rows].</summary>
    public void Add(LoweredLinear matrix, float* y)
    {
        var rows = matrix.Weights.Rows;
        // Blocks of many tokens have enough work in few rows; single tokens need long runs of memory.
        var step = kernels.RowMultiple;
        var target = _tokens >= 8 ? Math.Max(step, 32) : (int)Math.Max(step, ChunkBytes / matrix.Weights.RowBytes / step * step);
        _matrices[_count] = matrix;
        _outputs[_count] = (nint)y;
        _strides[_count] = rows;
        _chunkRows[_count] = target;
        _ends[_count] = (_count == 0 ? 0 : _ends[_count - 1]) + ((rows + target - 1) / target);
        _count++;
    }

    /// <summary>Runs the product.</summary>
    public void RunOn(WorkerPool pool)
    {
        if (adapters.IsActive)
        {
            _reduce.Begin(_x, _columns, _tokens, _matrices.AsSpan(0, _count));
            if (_reduce.Items > 0)
                pool.Run(_reduce, _reduce.Items);
        }
        pool.Run(this, _ends[_count - 1]);
    }

    public override void Run(int item, int worker)
    {
        var index = 0;
        while (item >= _ends[index])
            index++;
        var matrix = _matrices[index];
        var chunk = item - (index == 0 ? 0 : _ends[index - 1]);
        var first = chunk * _chunkRows[index];
        var rows = Math.Min(_chunkRows[index], matrix.Weights.Rows - first);
        var y = (float*)_outputs[index] + first;
        var stride = _strides[index];
        var scratch = workspace.Scratch + ((long)worker * workspace.ScratchFloats);
        if (matrix.IsPacked)
            kernels.MatMulPacked(matrix.Packed.Slice(first, rows), _quantized, _tokens, y, stride, scratch);
        else
            kernels.MatMulF32(matrix.Weights.Slice(first, rows), _x, _columns, _tokens, y, stride, scratch);
        if (adapters.IsActive)
            AddAdapters(index, first, rows, y);
        if (matrix.Bias != null)
        {
            for (var token = 0; token < _tokens; token++)
                kernels.Add(y + ((long)token * stride), matrix.Bias + first, rows);
        }
    }

    private void AddAdapters(int index, int first, int rows, float* y)
    {
        var matrices = _matrices.AsSpan(0, _count);
        for (var token = 0; token < _tokens; token++)
        {
            var slot = adapters.Slots[token];
            if (slot == 0 || matrices[index].LowRanks[slot] is not { } lowRank)
                continue;
            var reduced = adapters.Reduced(AdapterRegion.Source(matrices, index, slot), token);
            kernels.AddLowRank(
                reduced, lowRank.Rank, lowRank.B + first, matrices[index].Weights.Rows, lowRank.Gain == null ? null : lowRank.Gain + first,
                y + ((long)token * _strides[index]), rows);
        }
    }
}
