using System.Globalization;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Running;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A text put together from chunks that were read alone, at several ratios: which tokens are computed anew, what is stored, what follows.</summary>
internal sealed class KvBlendRunner : GoldenRunner
{
    // the golden's keys and values are those of this ratio
    private const double Stored = 0.15;

    public override string Kind => "kv.blend";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        using var tensors = new GoldenTensors(golden);
        int[] chunks = [.. golden.Option("chunks").EnumerateArray().Select(chunk => chunk.GetInt32())];
        List<OutputCheck> checks = [];
        foreach (var ratio in golden.Option("ratios").EnumerateArray().Select(ratio => ratio.GetDouble()))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using var probe = new BlendProbe(model, tensors.Wholes("in.input_ids"), chunks, ratio);
            var name = ratio.ToString("0.0#", CultureInfo.InvariantCulture);
            checks.Add(OutputCheck.Wholes($"recomputed.{name}", probe.Outcome.Recomputed, tensors.Wholes($"out.recomputed.{name}")));
            checks.Add(Numbers($"logits.{name}", probe.Logits));
            if (ratio != Stored)
                continue;
            checks.Add(Numbers("deviation", probe.Outcome.Deviation));
            for (var layer = 0; layer < model.Layers; layer++)
            {
                checks.Add(Numbers(string.Create(CultureInfo.InvariantCulture, $"keys.{layer}"), probe.Keys(layer)));
                checks.Add(Numbers(string.Create(CultureInfo.InvariantCulture, $"values.{layer}"), probe.Values(layer)));
            }
        }
        if (golden.Outputs.Keys.FirstOrDefault(name => checks.All(check => check.Name != name)) is { } unknown)
            throw new UnsupportedException($"the output '{unknown}' of blended chunks is not supported yet.");
        return checks;

        OutputCheck Numbers(string name, float[] actual) => OutputCheck.Numbers(name, actual, tensors.Floats("out." + name), golden.Outputs[name]);
    }
}
