using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>Up to three matrices times one input, cut into chunks of rows. Chunks change no bit, so their size is free.</summary>
internal sealed unsafe class LinearRegion(KernelSet kernels, Workspace workspace) : Region
{
    private const int ChunkBytes = 32 * 1024;

    private readonly LoweredLinear[] _matrices = new LoweredLinear[3];
    private readonly nint[] _outputs = new nint[3];
    private readonly int[] _strides = new int[3];
    private readonly int[] _chunkRows = new int[3];
    private readonly int[] _ends = new int[3];
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

    /// <summary>How many chunks there are.</summary>
    public int Items => _ends[_count - 1];

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
        if (matrix.Bias != null)
        {
            for (var token = 0; token < _tokens; token++)
                kernels.Add(y + ((long)token * stride), matrix.Bias + first, rows);
        }
    }
}
