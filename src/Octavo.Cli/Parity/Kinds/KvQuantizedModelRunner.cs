using System.Globalization;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Cache;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A model that goes on from a prompt whose keys and values were replaced by what their codes stand for.</summary>
internal sealed class KvQuantizedModelRunner : GoldenRunner
{
    public override string Kind => "kv.quantized_model";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        using var session = model.NewSession();
        using var tensors = new GoldenTensors(golden);
        var prompt = session.Forward(tensors.Wholes("in.input_ids")).ToArray();
        var stored = Enumerable.Range(0, model.Layers).Select(layer => Quantize(golden, model, session.Cache, layer)).ToList();
        List<float> follow = [];
        foreach (var token in tensors.Wholes("in.follow_ids"))
            follow.AddRange(session.Forward([token]));
        return [.. golden.Outputs.Select(output => OutputCheck.Numbers(output.Key, Actual(output.Key), tensors.Floats("out." + output.Key), output.Value))];

        float[] Actual(string name) => name.Split('.') switch
        {
            ["prefill_logits"] => prompt,
            ["logits"] => [.. follow],
            ["keys", var layer] => stored[int.Parse(layer, CultureInfo.InvariantCulture)].Keys,
            ["values", var layer] => stored[int.Parse(layer, CultureInfo.InvariantCulture)].Values,
            _ => throw new UnsupportedException($"the output '{name}' of a quantized cache is not supported yet."),
        };
    }

    private static (float[] Keys, float[] Values) Quantize(Golden golden, LanguageModel model, KvCache cache, int layer)
    {
        var heads = Enumerable.Range(0, cache.StoredHeads(layer)).Select(head => new StoredHead(cache, layer, head)).ToList();
        float[] keys = [.. heads.SelectMany(head => head.Keys())];
        float[] values = [.. heads.SelectMany(head => head.Values())];
        var (bits, group, residual) = (golden.Option("bits").GetInt32(), golden.Option("group_size").GetInt32(), golden.Option("residual_length").GetInt32());
        var tokens = cache.SeenTokens;
        var each = keys.Length / heads.Count;
        if (golden.OptionOrNull("backend")?.GetString() == "quanto")
        {
            // runs of numbers as they lie, over tokens and heads alike
            _ = new QuantizedHeads(keys, 1, group, keys.Length / group, group, bits, isKey: false);
            _ = new QuantizedHeads(values, 1, group, values.Length / group, group, bits, isKey: false);
        }
        else
        {
            _ = new QuantizedHeads(keys, heads.Count, each / tokens, tokens - (tokens % residual), group, bits, isKey: true);
            _ = new QuantizedHeads(values, heads.Count, each / tokens, Math.Max(0, tokens - residual), group, bits, isKey: false);
        }
        for (var head = 0; head < heads.Count; head++)
            heads[head].Write(model.Kernels, keys[(head * each)..((head + 1) * each)], values[(head * each)..((head + 1) * each)]);
        return (keys, values);
    }
}
