using Octavo.Core;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>H2O's choice after a prompt, from queries and keys that are given.</summary>
internal sealed class KvSelectionRunner : GoldenRunner
{
    public override string Kind => "kv.selection";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        var (q, k) = (tensors.Floats("in.q"), tensors.Floats("in.k"));
        var (heads, kvHeads, tokens) = (tensors.Shape("in.q")[0], tensors.Shape("in.k")[0], tensors.Shape("in.k")[1]);
        using var probe = new AttentionProbe(heads, kvHeads, tensors.Shape("in.k")[2], tokens, context.Engine);
        var method = new H2O { Budget = golden.Option("budget").GetInt32() };
        var perQueryHead = method with { PerQueryHead = true };
        return [.. golden.Outputs.Select(output => output.Key switch
        {
            "column_sums" => OutputCheck.Numbers(output.Key, Sums(), tensors.Floats("out.column_sums"), output.Value),
            "kept_kv_heads" => OutputCheck.Wholes(output.Key, Kept(method), tensors.Wholes("out.kept_kv_heads")),
            "kept_query_heads" => OutputCheck.Wholes(output.Key, Kept(perQueryHead), tensors.Wholes("out.kept_query_heads")),
            var name => throw new UnsupportedException($"the output '{name}' of a choice of tokens is not supported yet."),
        })];

        float[] Sums() => probe.Look(q, k, k, layer => Enumerable.Range(0, heads).SelectMany(head => layer.ColumnSums(head).ToArray()).ToArray(), method);

        int[] Kept(H2O choosing) => probe.Look(q, k, k, layer => choosing.Compress(layer)!.SelectMany(kept => kept).ToArray(), choosing);
    }
}
