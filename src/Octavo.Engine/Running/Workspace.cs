using Octavo.Engine.Kernels;

namespace Octavo.Engine.Running;

/// <summary>The activations of one block of rows and the scratch of each thread; made once per model.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly int _activationBits;

    public Workspace(LoweredModel model, KernelSet kernels, int threads, int rows, int activationBits)
        : this(new WorkspaceSizes(model.Description, kernels, threads, rows), threads, model.Description.ContextLength, activationBits)
    {
    }

    public Workspace(WorkspaceSizes sizes, int threads, int contextLength, int activationBits)
    {
        Rows = sizes.Rows;
        Hidden = sizes.Hidden;
        ContextLength = contextLength;
        X = Floats(Hidden);
        Normed = Floats(Hidden);
        Out = Floats(Hidden);
        Q = Floats(sizes.QWidth);
        K = Floats(sizes.KvWidth);
        V = Floats(sizes.KvWidth);
        Attended = Floats(sizes.QWidth);
        Gate = Floats(sizes.Inner);
        Up = Floats(sizes.Inner);
        _activationBits = activationBits;
        var blocks = sizes.QuantizedBlocks;
        Quants = Own(new NativeBuffer<sbyte>(blocks * QuantizedRows.BlockBytes / QuantizedRows.Tile)).Pointer;
        Scales = Own(new NativeBuffer<float>(blocks)).Pointer;
        Sums = Own(new NativeBuffer<float>(blocks)).Pointer;
        Zeros = Own(new NativeBuffer<int>(blocks * QuantizedRows.Numbers / QuantizedRows.Tile)).Pointer;
        ScratchFloats = sizes.ScratchFloats;
        Scratch = Own(new NativeBuffer<float>((long)threads * ScratchFloats)).Pointer;
    }

    public int Rows { get; }
    public int Hidden { get; }
    public int ContextLength { get; }
    public int ScratchFloats { get; }

    /// <summary>What the buffers take.</summary>
    public long Bytes { get; private set; }

    /// <summary>The residual stream [rows, C].</summary>
    public float* X { get; }
    /// <summary>[rows, C]</summary>
    public float* Normed { get; }
    /// <summary>What a part adds to the stream [rows, C].</summary>
    public float* Out { get; }
    /// <summary>[rows, H·Dh]</summary>
    public float* Q { get; }
    /// <summary>[rows, Hkv·Dh]</summary>
    public float* K { get; }
    /// <summary>[rows, Hkv·Dh]</summary>
    public float* V { get; }
    /// <summary>[rows, H·Dh]</summary>
    public float* Attended { get; }
    /// <summary>[rows, F]</summary>
    public float* Gate { get; }
    /// <summary>[rows, F]</summary>
    public float* Up { get; }
    /// <summary>The quantized input of the present product.</summary>
    public sbyte* Quants { get; }
    public float* Scales { get; }
    public float* Sums { get; }
    public int* Zeros { get; }
    public float* Scratch { get; }

    /// <summary>The quantized input as a matrix of some width.</summary>
    public QuantizedRows Quantized(int columns) => new(Quants, Scales, Sums, Zeros, columns, _activationBits);

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private float* Floats(int width) => Own(new NativeBuffer<float>((long)Rows * width)).Pointer;

    private NativeBuffer<T> Own<T>(NativeBuffer<T> owned)
        where T : unmanaged
    {
        _owned.Add(owned);
        Bytes += owned.Length * sizeof(T);
        return owned;
    }
}
