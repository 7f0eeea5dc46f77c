using Octavo.Engine.Kernels;

namespace Octavo.Engine.Running;

/// <summary>The activations of one block of rows and the scratch of each thread; made once per model.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly int _activationBits;

    public Workspace(LoweredModel model, KernelSet kernels, int threads, int rows, int activationBits)
    {
        Rows = rows;
        Hidden = model.Description.HiddenSize;
        ContextLength = model.Description.ContextLength;
        foreach (var part in model.Layers.SelectMany(layer => layer))
            Measure(part.Mix);
        MaxColumns = Math.Max(MaxColumns, Hidden);
        X = Floats(Hidden);
        Normed = Floats(Hidden);
        Out = Floats(Hidden);
        Q = Floats(QWidth);
        K = Floats(KvWidth);
        V = Floats(KvWidth);
        Attended = Floats(QWidth);
        Gate = Floats(Inner);
        Up = Floats(Inner);
        _activationBits = activationBits;
        var blocks = QuantizedRows.Whole(rows) * (MaxColumns / 32);
        Quants = Own(new NativeBuffer<sbyte>(blocks * 64)).Pointer;
        Scales = Own(new NativeBuffer<float>(blocks)).Pointer;
        Sums = Own(new NativeBuffer<float>(blocks)).Pointer;
        Zeros = Own(new NativeBuffer<int>(blocks * QuantizedRows.Numbers / QuantizedRows.Tile)).Pointer;
        ScratchFloats = kernels.ScratchFloats(MaxColumns);
        Scratch = Own(new NativeBuffer<float>((long)threads * ScratchFloats)).Pointer;
    }

    public int Rows { get; }
    public int Hidden { get; }
    public int ContextLength { get; }
    public int QWidth { get; private set; }
    public int KvWidth { get; private set; }
    public int Inner { get; private set; }
    public int MaxColumns { get; private set; }
    public int ScratchFloats { get; }

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

    private void Measure(LoweredMixer mixer)
    {
        switch (mixer)
        {
            case LoweredAttention { Shape: var shape }:
                QWidth = Math.Max(QWidth, shape.Heads * shape.HeadDim);
                KvWidth = Math.Max(KvWidth, shape.KvHeads * shape.HeadDim);
                MaxColumns = Math.Max(MaxColumns, QWidth);
                break;
            case LoweredExperts experts:
                foreach (var expert in experts.Each)
                    Measure(expert);
                break;
            case LoweredMlp mlp:
                Inner = Math.Max(Inner, mlp.Down.Weights.Columns);
                MaxColumns = Math.Max(MaxColumns, Inner);
                break;
        }
    }

    private float* Floats(int width) => Own(new NativeBuffer<float>((long)Rows * width)).Pointer;

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
