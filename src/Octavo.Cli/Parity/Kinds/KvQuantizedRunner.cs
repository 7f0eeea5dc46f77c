using Octavo.Core;
using Octavo.Engine.Running;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>KIVI's codes, words, scales and zero points of keys and values that are given, and attention over them.</summary>
internal sealed class KvQuantizedRunner : GoldenRunner
{
    public override string Kind => "kv.quantized";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        var (bits, group, residual) = (golden.Option("bits").GetInt32(), golden.Option("group_size").GetInt32(), golden.Option("residual_length").GetInt32());
        Dictionary<string, Array> actual = [];
        foreach (var length in golden.Outputs.Keys.Where(name => name.StartsWith("out.", StringComparison.Ordinal)).Select(name => name["out.".Length..]))
        {
            var (heads, n, dim) = (tensors.Shape("in.k." + length)[0], tensors.Shape("in.k." + length)[1], tensors.Shape("in.k." + length)[2]);
            var (q, k, v) = (tensors.Floats("in.q." + length), tensors.Floats("in.k." + length), tensors.Floats("in.v." + length));
            var (keys, values) = (n - (n % residual), Math.Max(0, n - residual));
            var packedKeys = new QuantizedHeads(k, heads, dim, keys, group, bits, isKey: true);
            var packedValues = new QuantizedHeads(v, heads, dim, values, group, bits, isKey: false);
            foreach (var (name, packed) in new[] { ("k", packedKeys), ("v", packedValues) })
            {
                actual[$"{name}_packed.{length}"] = packed.Packed;
                actual[$"{name}_scale.{length}"] = packed.Scales;
                actual[$"{name}_zero.{length}"] = packed.Zeros;
            }
            actual["k_dequant." + length] = k;
            actual["v_dequant." + length] = v;
            actual["quantized." + length] = new long[] { keys, values };
            // scale, zero point and what is not packed in fp32, as the reference counts
            actual["stored_bits." + length] = new long[]
            {
                (heads * dim * bits * (keys + values)) + (32 * (packedKeys.Scales.Length + packedKeys.Zeros.Length + packedValues.Scales.Length + packedValues.Zeros.Length))
                    + (32 * heads * dim * ((2 * n) - keys - values)),
            };
            using var probe = new AttentionProbe(tensors.Shape("in.q." + length)[0], heads, dim, n, context.Engine);
            actual["out." + length] = probe.Run(null, q, k, v, isPrompt: false);
        }
        return [.. golden.Outputs.Select(output => actual.GetValueOrDefault(output.Key) switch
        {
            float[] numbers => OutputCheck.Numbers(output.Key, numbers, tensors.Floats("out." + output.Key), output.Value),
            long[] wholes => OutputCheck.Wholes(output.Key, wholes, tensors.Longs("out." + output.Key)),
            _ => throw new UnsupportedException($"the output '{output.Key}' of quantized keys and values is not supported yet."),
        })];
    }
}
