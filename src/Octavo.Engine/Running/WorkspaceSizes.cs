using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>How large the buffers of a <see cref="Workspace"/> are, from a description alone.</summary>
internal sealed class WorkspaceSizes
{
    // the residual stream, its norm, and what a part adds to it
    private const int StreamBuffers = 3;

    /// <param name="model">The description.</param>
    /// <param name="kernels">Whose scratch is counted.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="rows">The most rows of a block.</param>
    public WorkspaceSizes(TextModel model, KernelSet kernels, int threads, int rows)
    {
        (Rows, Threads, Hidden) = (rows, threads, model.HiddenSize);
        foreach (var part in model.Stacks.SelectMany(stack => stack.Layers).SelectMany(layer => layer.Parts))
            Measure(part.Mix);
        MaxColumns = Math.Max(MaxColumns, Hidden);
        ScratchFloats = kernels.ScratchFloats(MaxColumns);
    }

    public int Rows { get; }
    public int Threads { get; }
    public int Hidden { get; }
    public int QWidth { get; private set; }
    public int KvWidth { get; private set; }
    public int Inner { get; private set; }
    public int MaxColumns { get; private set; }

    /// <summary>Floats of scratch of each thread.</summary>
    public int ScratchFloats { get; }

    /// <summary>Blocks of 32 quantized columns.</summary>
    public long QuantizedBlocks => QuantizedRows.Whole(Rows) * (MaxColumns / 32);

    /// <summary>All buffers together.</summary>
    public long Bytes
    {
        get
        {
            var floats = Rows * ((StreamBuffers * (long)Hidden) + (2L * QWidth) + (2L * KvWidth) + (2L * Inner));
            var quantized = QuantizedBlocks * ((QuantizedRows.BlockBytes / QuantizedRows.Tile) + (2 * sizeof(float))
                + (QuantizedRows.Numbers / QuantizedRows.Tile * sizeof(int)));
            return ((floats + ((long)Threads * ScratchFloats)) * sizeof(float)) + quantized;
        }
    }

    private void Measure(Mixer mixer)
    {
        switch (mixer)
        {
            case Attention attention:
                QWidth = Math.Max(QWidth, attention.Heads * attention.HeadDim);
                KvWidth = Math.Max(KvWidth, attention.KvHeads * attention.HeadDim);
                MaxColumns = Math.Max(MaxColumns, QWidth);
                break;
            case Experts experts:
                foreach (var expert in experts.Each)
                    Measure(expert);
                break;
            case Mlp mlp:
                Inner = Math.Max(Inner, mlp.Down.W.Shape[^1]);
                MaxColumns = Math.Max(MaxColumns, Inner);
                break;
        }
    }
}
