using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>y = W x + b, lowered: where the weights lie and the bias in fp32.</summary>
internal sealed unsafe class LoweredLinear(Linear linear, StoredTensor tensor, WeightRows weights, float* bias)
{
    /// <summary>As it is described.</summary>
    public Linear Linear { get; } = linear;

    /// <summary>The tensor that it was lowered from.</summary>
    public StoredTensor Tensor { get; } = tensor;

    /// <summary>The weights as stored.</summary>
    public WeightRows Weights { get; } = weights;
    public float* Bias { get; } = bias;

    /// <summary>The cap of the outputs of a head; 0 for none.</summary>
    public float Softcap { get; set; }

    /// <summary>The weights as packed, where they are.</summary>
    public PackedRows Packed { get; set; }

    /// <summary>What adapters add to the product, by their slots; null where one adds nothing. Empty where no adapter was added.</summary>
    public LowRank?[] LowRanks { get; set; } = [];

    /// <summary>Whether the product is taken on packed weights and quantized activations; else in fp32.</summary>
    public bool IsPacked => Packed.Data != null;
}

/// <summary>A norm with its weight in fp32.</summary>
internal sealed unsafe class LoweredNorm(NativeBuffer<float> weight, NativeBuffer<float>? bias, float epsilon)
{
    private readonly float* _weight = weight.Pointer;
    private readonly float* _bias = bias is null ? null : bias.Pointer;

    /// <summary>Numbers that are normed together.</summary>
    public int Width { get; } = (int)weight.Length;

    /// <summary>Norms a row; y may be x.</summary>
    public void Apply(KernelSet kernels, float* x, float* y)
    {
        if (_bias is null)
            kernels.RmsNorm(x, _weight, epsilon, Width, y);
        else
            kernels.LayerNorm(x, _weight, _bias, epsilon, Width, y);
    }
}

/// <summary>A residual part, lowered.</summary>
internal sealed record LoweredResidual(LoweredNorm? Pre, LoweredMixer Mix, LoweredNorm? Out, LoweredNorm? Post);

internal abstract record LoweredMixer
{
    /// <summary>Whether one of the first products takes quantized activations.</summary>
    public abstract bool QuantizesInput { get; }
}

/// <summary>Attention, lowered. <paramref name="Pairing"/> is that of the stored rows.</summary>
internal sealed record LoweredAttention(
    Attention Shape, LoweredLinear[] Qkv, LoweredLinear O, Pairing Pairing, int Rotary, LoweredNorm? QNorm, LoweredNorm? KNorm) : LoweredMixer
{
    /// <summary>What is added to scores by head and distance; null for nothing.</summary>
    public NativeBuffer<float>? Bias { get; init; }

    public override bool QuantizesInput => Qkv.Any(linear => linear.IsPacked);
}

/// <summary>The feed-forward part, lowered.</summary>
internal sealed record LoweredMlp(LoweredLinear[] GateUp, LoweredLinear Down, Activation Act) : LoweredMixer
{
    public override bool QuantizesInput => GateUp.Any(linear => linear.IsPacked);
}

/// <summary>A mixture of experts, lowered.</summary>
internal sealed record LoweredExperts(LoweredLinear Router, LoweredMlp[] Each, int Active) : LoweredMixer
{
    // experts take the rows that chose them, quantized anew
    public override bool QuantizesInput => Router.IsPacked;
}

/// <summary>A description bound to its weights: what the forward pass walks over. Owns the norms, the biases and packed weights.</summary>
internal sealed unsafe class LoweredModel : IDisposable
{
    private readonly List<IDisposable> _buffers = [];
    private readonly Checkpoint _checkpoint;
    private readonly List<LoweredLinear> _linears = [];
    private readonly Dictionary<string, NativeBuffer<float>> _biases = [];
    private readonly PackedWeights? _packed;

    /// <param name="checkpoint">Where the weights lie.</param>
    /// <param name="packer">Packs quantized weights; null leaves them as they are stored.</param>
    public LoweredModel(Checkpoint checkpoint, WorkerPool? packer)
    {
        _checkpoint = checkpoint;
        Description = checkpoint.Model;
        if (Description.Stacks.Count != 1)
            throw new UnsupportedException($"{Description.Architecture} has {Description.Stacks.Count} stacks; the engine runs models of one.");
        var stack = Description.Stacks[0];
        Embedding = checkpoint.Resolve(stack.Input.Table);
        Positions = stack.Input.Positions is { } positions ? checkpoint.Resolve(positions) : null;
        Types = stack.Input.Types is { } types ? checkpoint.Resolve(types) : null;
        InputNorm = Lower(stack.Input.Norm);
        Layers = [.. stack.Layers.Select(layer => layer.Parts.Select(Lower).ToArray())];
        Final = Lower(stack.Final);
        Heads = stack.Heads.Where(head => !head.IsOptional || checkpoint.Has(head.Projection.W)).ToDictionary(head => head.Name, Lower);
        if (packer is not null)
            _packed = PackedWeights.Pack(_linears, packer);
    }

    /// <summary>Whether there are packed weights.</summary>
    public bool IsPacked => _packed is not null;

    /// <summary>Every matrix.</summary>
    public IReadOnlyList<LoweredLinear> Linears => _linears;

    /// <summary>A layer's attention, which is its first part where layers can run one by one.</summary>
    public LoweredAttention AttentionOf(int layer) => Layers[layer][0].Mix as LoweredAttention
        ?? throw new InvalidOperationException($"Layer {layer} does not begin with attention; methods for keys and values do not work for it.");

    public TextModel Description { get; }
    public StoredTensor Embedding { get; }

    /// <summary>Learned positions, where the model has them.</summary>
    public StoredTensor? Positions { get; }

    /// <summary>Learned token types, where the model has them.</summary>
    public StoredTensor? Types { get; }

    /// <summary>The norm of what a token begins as.</summary>
    public LoweredNorm? InputNorm { get; }

    /// <summary>Whether every token sees the whole text, so that a sequence is run in one block.</summary>
    public bool IsEncoder => Encodes(Description);

    /// <summary>The same from a description.</summary>
    public static bool Encodes(TextModel model) => model.Stacks.SelectMany(stack => stack.Layers).SelectMany(layer => layer.Parts)
        .Any(part => part.Mix is Attention { Visible.IsCausal: false });

    /// <summary>What packed weights take.</summary>
    public long PackedBytes => _packed?.Bytes ?? 0;

    /// <summary>What norms, biases and rows that were copied together take.</summary>
    public long CopiedBytes { get; private set; }

    public LoweredResidual[][] Layers { get; }
    public LoweredNorm? Final { get; }
    public IReadOnlyDictionary<string, LoweredLinear> Heads { get; }

    /// <summary>The distinct rotary embeddings with their divisors; attention parts name them by index.</summary>
    public List<LoweredRotary> Rotaries { get; } = [];

    /// <summary>Every attention part has the same stored heads: the shape of a page.</summary>
    public (int KvHeads, int HeadDim) PageShape { get; private set; }

    public void Dispose()
    {
        _packed?.Dispose();
        foreach (var buffer in _buffers)
            buffer.Dispose();
    }

    private LoweredResidual Lower(Residual part)
    {
        LoweredMixer mixer = part.Mix switch
        {
            Attention attention => Lower(attention),
            Mlp mlp => Lower(mlp),
            Experts experts => new LoweredExperts(Lower(experts.Router), [.. experts.Each.Select(Lower)], experts.Active),
            _ => throw new UnsupportedException($"The engine has no {part.Mix.GetType().Name} part."),
        };
        return new LoweredResidual(Lower(part.Pre), mixer, Lower(part.Out), Lower(part.Post));
    }

    private LoweredMlp Lower(Mlp mlp)
    {
        if (mlp is { Gate: not null, Act: Activation.Gelu })
            throw new UnsupportedException($"{Description.Architecture}: the engine has no gated {mlp.Act}.");
        return new(mlp.Gate is null ? [Lower(mlp.Up)] : [Lower(mlp.Gate), Lower(mlp.Up)], Lower(mlp.Down), mlp.Act);
    }

    /// <summary>The numbers that are added to scores [H, 2·context − 1]: head h's at a key d behind the query is at context − 1 + d.</summary>
    private NativeBuffer<float>? Lower(DistanceBias? bias, int heads)
    {
        if (bias is null)
            return null;
        if (!_biases.TryGetValue(bias.Table.Name, out var lowered))
            _biases[bias.Table.Name] = lowered = Copy(DistanceBuckets.Spread(ReadFloats(_checkpoint.Resolve(bias.Table)), heads, bias.MaxDistance, Description.ContextLength));
        return lowered;
    }

    private LoweredLinear Lower(Head head)
    {
        var lowered = Lower(head.Projection);
        lowered.Softcap = head.Softcap;
        return lowered;
    }

    private LoweredAttention Lower(Attention attention)
    {
        var shape = (attention.KvHeads, attention.HeadDim);
        if (PageShape != default && PageShape != shape)
            throw new UnsupportedException($"{Description.Architecture}: layers differ in their key-value heads ({PageShape} and {shape}).");
        if (attention.HeadDim % 2 != 0 || attention.HeadDim > 256)
            throw new UnsupportedException($"{Description.Architecture}: heads of {attention.HeadDim} numbers; the engine runs even numbers up to 256.");
        PageShape = shape;
        // A file whose rows lie in rotary pairs is run as it is: scores do not change when q and k are permuted alike.
        var paired = _checkpoint.IsGguf && attention.Q.W.GgufRows == RowOrder.RotaryPairs;
        var pairing = paired ? Pairing.Neighbours : attention.Order?.Pairing ?? Pairing.Halves;
        return new LoweredAttention(
            attention, [Lower(attention.Q), Lower(attention.K), Lower(attention.V)], Lower(attention.O), pairing, IndexOf(attention.Order),
            Lower(attention.QkNorm?.Q), Lower(attention.QkNorm?.K))
        { Bias = Lower(attention.Bias, attention.Heads) };
    }

    private int IndexOf(Rotary? rotary)
    {
        if (rotary is null)
            return -1;
        var index = Rotaries.FindIndex(known => known.Rotary == rotary);
        if (index >= 0)
            return index;
        Rotaries.Add(new(rotary, RotaryFactors.Of(rotary, view => ReadFloats(_checkpoint.Resolve(view)))));
        return Rotaries.Count - 1;
    }

    private LoweredNorm? Lower(Norm? norm)
    {
        if (norm is null)
            return null;
        var weights = ReadFloats(_checkpoint.Resolve(norm.W));
        for (var i = 0; i < weights.Length && norm.Offset != 0; i++)
            weights[i] += norm.Offset;
        return new LoweredNorm(Copy(weights), norm.B is null ? null : Copy(ReadFloats(_checkpoint.Resolve(norm.B))), norm.Epsilon);
    }

    private LoweredLinear Lower(Linear linear)
    {
        var bias = linear.B is null ? null : Copy(Select(ReadFloats(_checkpoint.Resolve(linear.B)), linear.Rows)).Pointer;
        var tensor = _checkpoint.Resolve(linear.W);
        var lowered = new LoweredLinear(linear, tensor, RowsOf(tensor, linear.Rows), bias);
        _linears.Add(lowered);
        return lowered;
    }

    /// <summary>The rows that are meant, where they lie; runs that lie apart are copied together.</summary>
    private WeightRows RowsOf(StoredTensor tensor, Rows? rows)
    {
        var columns = (int)tensor.Shape[^1];
        var all = new WeightRows(tensor.Data, tensor.Type, checked((int)(tensor.Elements / columns)), columns);
        if (rows is null)
            return all;
        if (rows.Repeats == 1)
            return all.Slice(rows.Start, rows.Count);
        var run = rows.Count * all.RowBytes;
        var together = new NativeBuffer<byte>(run * rows.Repeats);
        _buffers.Add(together);
        CopiedBytes += together.Length;
        for (var i = 0; i < rows.Repeats; i++)
        {
            var from = all.Data + ((rows.Start + ((long)i * rows.Stride)) * all.RowBytes);
            System.Runtime.InteropServices.NativeMemory.Copy(from, together.Pointer + (i * run), (nuint)run);
        }
        return new WeightRows(together.Pointer, tensor.Type, rows.Count * rows.Repeats, columns);
    }

    private static float[] Select(float[] bias, Rows? rows) => rows is null
        ? bias
        : [.. Enumerable.Range(0, rows.Repeats).SelectMany(i => bias.AsSpan(rows.Start + (i * rows.Stride), rows.Count).ToArray())];

    private NativeBuffer<float> Copy(float[] numbers)
    {
        var buffer = new NativeBuffer<float>(numbers.Length);
        _buffers.Add(buffer);
        CopiedBytes += buffer.Length * sizeof(float);
        numbers.CopyTo(new Span<float>(buffer.Pointer, numbers.Length));
        return buffer;
    }

    private static float[] ReadFloats(StoredTensor tensor)
    {
        var values = new float[tensor.Elements];
        Dequantizer.ToFloat(tensor.Type, tensor.Bytes(0, (int)tensor.ByteLength), values);
        return values;
    }
}
