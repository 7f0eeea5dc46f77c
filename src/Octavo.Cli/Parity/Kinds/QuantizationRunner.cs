using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>NF4: codes, magnitudes, magnitudes quantized in turn, and the numbers that come back.</summary>
internal sealed class QuantizationRunner : GoldenRunner
{
    public override string Kind => "quantization";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var (block, nested) = (golden.Option("block").GetInt32(), golden.Option("nested_block").GetInt32());
        if (block != Nf4.Block || nested != Nf4.NestedBlock)
            throw new UnsupportedException($"blocks of {block} and {nested} are not supported; NF4 has blocks of {Nf4.Block} and {Nf4.NestedBlock} here.");
        using var tensors = new GoldenTensors(golden);
        var result = new Quantized(tensors.Floats("in.weight"));
        return [.. golden.Outputs.Select(output => Check(output.Key, output.Value, result, tensors))];
    }

    private static OutputCheck Check(string name, Tolerance tolerance, Quantized result, GoldenTensors tensors)
    {
        return name switch
        {
            "packed" => OutputCheck.Wholes(name, [.. result.Packed.Select(code => (int)code)], tensors.Wholes("out.packed")),
            "absmax_codes" => OutputCheck.Wholes(name, [.. result.Codes.Select(code => (int)code)], tensors.Wholes("out.absmax_codes")),
            "absmax" => Numbers(result.Scales),
            "absmax_double" => Numbers(result.DoubleScales),
            "nested_absmax" => Numbers(result.Nested),
            "offset" => Numbers([result.Mean]),
            "codebook" => Numbers(Nf4.CodeBook),
            "nested_codebook" => Numbers(Nf4.ScaleCodeBook),
            "dequantized" => Numbers(result.Numbers(result.DoubleScales)),
            "dequantized_single" => Numbers(result.Numbers(result.Scales)),
            _ => throw new UnsupportedException($"the output '{name}' of a quantization is not supported yet."),
        };

        OutputCheck Numbers(ReadOnlySpan<float> actual) => OutputCheck.Numbers(name, actual, tensors.Floats("out." + name), tolerance);
    }

    private sealed class Quantized
    {
        private readonly int _count;

        public Quantized(float[] source)
        {
            _count = source.Length;
            Packed = new byte[Nf4.PackedBytes(source.Length)];
            Scales = new float[Nf4.Blocks(source.Length)];
            Nf4.Quantize(source, Packed, Scales);
            Codes = new byte[Scales.Length];
            Nested = new float[Nf4.NestedBlocks(Scales.Length)];
            Mean = Nf4.QuantizeScales(Scales, Codes, Nested);
            DoubleScales = new float[Scales.Length];
            Nf4.DequantizeScales(Codes, Nested, Mean, DoubleScales);
        }

        public byte[] Packed { get; }
        public float[] Scales { get; }
        public byte[] Codes { get; }
        public float[] Nested { get; }
        public float Mean { get; }
        public float[] DoubleScales { get; }

        public float[] Numbers(float[] scales)
        {
            var numbers = new float[_count];
            Nf4.Dequantize(Packed, scales, numbers);
            return numbers;
        }
    }
}
