// QLoRA's storage of a frozen matrix (arXiv 2305.14314): half a byte a number, the magnitudes of its blocks in 8 bits.
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>A frozen matrix in 4 bits; turned into numbers each time that it is used.</summary>
internal sealed class Nf4Weight : Weight
{
    // numbers that are turned at once: whole blocks of magnitudes
    private const int Band = Nf4.Block * Nf4.NestedBlock * 4;

    private readonly byte[] _packed;
    private readonly byte[] _scaleCodes;
    private readonly float[] _nested;
    private readonly float _mean;
    private readonly int _count;

    /// <param name="view">What it is.</param>
    /// <param name="value">fp32; stays the caller's.</param>
    public Nf4Weight(View view, Tensor value) : base(view)
    {
        _count = checked((int)value.numel());
        _packed = new byte[Nf4.PackedBytes(_count)];
        var scales = new float[Nf4.Blocks(_count)];
        Bands(value, (numbers, at) => Nf4.Quantize(
            numbers, _packed.AsSpan(at / 2, Nf4.PackedBytes(numbers.Length)), scales.AsSpan(at / Nf4.Block, Nf4.Blocks(numbers.Length))));
        _scaleCodes = new byte[scales.Length];
        _nested = new float[Nf4.NestedBlocks(scales.Length)];
        _mean = Nf4.QuantizeScales(scales, _scaleCodes, _nested);
    }

    // kept, what 4 bits become of all layers would be as large as the model in 16
    public override bool IsMadeAnew => true;

    public override Tensor In(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var value = empty([.. View.Shape.Select(size => (long)size)], ScalarType.Float32);
        Bands(value, (numbers, at) =>
        {
            var (first, blocks) = (at / Nf4.Block, Nf4.Blocks(numbers.Length));
            Span<float> scales = new float[blocks];
            Nf4.DequantizeScales(_scaleCodes.AsSpan(first, blocks), _nested.AsSpan(first / Nf4.NestedBlock, Nf4.NestedBlocks(blocks)), _mean, scales);
            Nf4.Dequantize(_packed.AsSpan(at / 2, Nf4.PackedBytes(numbers.Length)), scales, numbers);
        });
        return value.to(type).MoveToOuterDisposeScope();
    }

    public override void Dispose() { }

    private delegate void BandWork(Span<float> numbers, int at);

    private void Bands(Tensor value, BandWork work)
    {
        TensorMemory.Parts(_count, Band, (_, at, count) =>
        {
            using var part = TensorMemory.Part(value, at, count);
            work(TensorMemory.Floats(part), (int)at);
        });
    }
}
