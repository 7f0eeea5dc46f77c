using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>y = W x + b, lowered: where the weights lie and the bias in fp32.</summary>
internal sealed unsafe class LoweredLinear(StoredTensor tensor, NativeBuffer<float>? bias)
{
    /// <summary>The tensor that it was lowered from.</summary>
    public StoredTensor Tensor { get; } = tensor;

    /// <summary>The weights as stored.</summary>
    public WeightRows Weights { get; } = new(tensor.Data, tensor.Type, (int)tensor.Shape[0], (int)tensor.Shape[1]);
    public float* Bias { get; } = bias is null ? null : bias.Pointer;

    /// <summary>The weights as packed, where they are.</summary>
    public PackedRows Packed { get; set; }

    /// <summary>Whether the product is taken on packed weights and quantized activations; else in fp32.</summary>
    public bool IsPacked => Packed.Data != null;
}

/// <summary>A norm with its weight in fp32.</summary>
internal sealed unsafe class LoweredNorm(NativeBuffer<float> weight, float epsilon)
{
    public float* Weight { get; } = weight.Pointer;
    public float Epsilon { get; } = epsilon;
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
    Attention Shape, LoweredLinear[] Qkv, LoweredLinear O, Pairing Pairing, int Rotary) : LoweredMixer
{
    public override bool QuantizesInput => Qkv.Any(linear => linear.IsPacked);
}

/// <summary>The feed-forward part, lowered.</summary>
internal sealed record LoweredMlp(LoweredLinear[] GateUp, LoweredLinear Down) : LoweredMixer
{
    public override bool QuantizesInput => GateUp.Any(linear => linear.IsPacked);
}

/// <summary>A description bound to its weights: what the forward pass walks over. Owns the norms, the biases and packed weights.</summary>
internal sealed unsafe class LoweredModel : IDisposable
{
    private readonly List<NativeBuffer<float>> _buffers = [];
    private readonly Checkpoint _checkpoint;
    private readonly List<LoweredLinear> _linears = [];
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
        EmbeddingScale = stack.Input.Scale;
        Layers = [.. stack.Layers.Select(layer => layer.Parts.Select(Lower).ToArray())];
        Final = Lower(stack.Final);
        Heads = stack.Heads.ToDictionary(head => head.Name, head => Lower(head.Projection));
        if (packer is not null)
            _packed = PackedWeights.Pack(_linears, packer);
    }

    /// <summary>Whether there are packed weights.</summary>
    public bool IsPacked => _packed is not null;

    public TextModel Description { get; }
    public StoredTensor Embedding { get; }
    public float EmbeddingScale { get; }
    public LoweredResidual[][] Layers { get; }
    public LoweredNorm? Final { get; }
    public IReadOnlyDictionary<string, LoweredLinear> Heads { get; }

    /// <summary>The distinct rotary embeddings with their factor tensors; attention parts name them by index.</summary>
    public List<(Rotary Rotary, float[] Factors)> Rotaries { get; } = [];

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
            Mlp { Act: Activation.Silu } mlp => new LoweredMlp([Lower(mlp.Gate), Lower(mlp.Up)], Lower(mlp.Down)),
            Mlp mlp => throw new UnsupportedException($"The engine has no activation {mlp.Act}; it has {nameof(Activation.Silu)}."),
            _ => throw new UnsupportedException($"The engine has no {part.Mix.GetType().Name} part."),
        };
        return new LoweredResidual(Lower(part.Pre), mixer, Lower(part.Out), Lower(part.Post));
    }

    private LoweredAttention Lower(Attention attention)
    {
        var shape = (attention.KvHeads, attention.HeadDim);
        if (PageShape != default && PageShape != shape)
            throw new UnsupportedException($"{Description.Architecture}: layers differ in their key-value heads ({PageShape} and {shape}).");
        if (attention.HeadDim % 4 != 0 || attention.HeadDim > 256)
            throw new UnsupportedException($"{Description.Architecture}: heads of {attention.HeadDim} numbers; the engine runs multiples of 4 up to 256.");
        PageShape = shape;
        // A file whose rows lie in rotary pairs is run as it is: scores do not change when q and k are permuted alike.
        var paired = _checkpoint.IsGguf && attention.Q.W.GgufRows == RowOrder.RotaryPairs;
        var pairing = paired ? Pairing.Neighbours : attention.Order?.Pairing ?? Pairing.Halves;
        return new LoweredAttention(
            attention, [Lower(attention.Q), Lower(attention.K), Lower(attention.V)], Lower(attention.O), pairing, IndexOf(attention.Order));
    }

    private int IndexOf(Rotary? rotary)
    {
        if (rotary is null)
            return -1;
        var index = Rotaries.FindIndex(known => known.Rotary == rotary);
        if (index >= 0)
            return index;
        float[] factors = [];
        if (rotary.Factors is { } view)
            factors = ReadFloats(_checkpoint.Resolve(view));
        Rotaries.Add((rotary, factors));
        return Rotaries.Count - 1;
    }

    private LoweredNorm? Lower(Norm? norm) => norm is null ? null : new LoweredNorm(Copy(norm.W), norm.Epsilon);

    private LoweredLinear Lower(Linear linear)
    {
        var lowered = new LoweredLinear(_checkpoint.Resolve(linear.W), linear.B is null ? null : Copy(linear.B));
        _linears.Add(lowered);
        return lowered;
    }

    private NativeBuffer<float> Copy(View view)
    {
        var tensor = _checkpoint.Resolve(view);
        var buffer = new NativeBuffer<float>(tensor.Elements);
        _buffers.Add(buffer);
        Dequantizer.ToFloat(tensor.Type, tensor.Bytes(0, (int)tensor.ByteLength), new Span<float>(buffer.Pointer, (int)tensor.Elements));
        return buffer;
    }

    private static float[] ReadFloats(StoredTensor tensor)
    {
        var values = new float[tensor.Elements];
        Dequantizer.ToFloat(tensor.Type, tensor.Bytes(0, (int)tensor.ByteLength), values);
        return values;
    }
}
