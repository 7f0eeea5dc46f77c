using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;
using Octavo.Models.Adapters;
using Octavo.Models.Conversion;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>The gradients of an adapter's parameters for the mean loss over a golden's labels, each under its name with <c>.weight</c>.</summary>
internal delegate IReadOnlyDictionary<string, float[]> AdapterGradients(Golden golden, GoldenTensors tensors, Adapter adapter);

/// <summary>
/// A checkpoint with a low-rank adapter as PEFT writes it: logits of the base, with the adapter beside it, and of the model that both are
/// merged into; a merged matrix, and the loss.
/// </summary>
/// <param name="gradients">Computes gradients; null where nothing does.</param>
internal sealed class LoraRunner(AdapterGradients? gradients) : GoldenRunner
{
    private const string Name = "golden";
    private const string Gradient = "grad.";
    private const string Merged = "merged.";

    public override string Kind => "lora";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        var batch = TokenBatch.Read(golden, tensors);
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        var adapter = model.AddAdapter(golden.Folder, Name);
        var folder = Directory.CreateTempSubdirectory("octavo-parity-").FullName;
        try
        {
            var path = Path.Combine(folder, Name);
            ModelConversion.PlanMerge(model.Checkpoint, adapter, ModelFormat.Hub, type: null).Write(path);
            using var merged = LanguageModel.Load(path, context.Engine);
            var checks = Check(golden, tensors, batch, context, model, merged);
            if (golden.Outputs.Keys.Any(IsGradient))
                checks.AddRange(CheckGradients(golden, tensors, adapter, checks, context.WithTraining ? gradients : null));
            return checks;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<OutputCheck> Check(
        Golden golden, GoldenTensors tensors, TokenBatch batch, ParityContext context, LanguageModel model, LanguageModel merged)
    {
        var adapted = new WholePass(model, batch, context, Name);
        List<OutputCheck> checks = [];
        foreach (var (name, tolerance) in golden.Outputs.Where(output => !IsGradient(output.Key)))
        {
            var expected = tensors.Floats("out." + name);
            checks.Add(name switch
            {
                "base_logits" => Logits(new WholePass(model, batch, context)),
                "logits" => Logits(adapted),
                "merged_logits" => Logits(new WholePass(merged, batch, context)),
                "loss" => OutputCheck.Numbers(name, [Loss(adapted.Logits(), tensors)], expected, tolerance),
                _ when name.StartsWith(Merged, StringComparison.Ordinal) => OutputCheck.Numbers(name, Numbers(merged.Checkpoint, name[Merged.Length..]), expected, tolerance),
                _ => throw new UnsupportedException($"the output '{name}' of an adapter is not supported yet."),
            });

            OutputCheck Logits(WholePass pass) =>
                OutputCheck.Numbers(name, pass.Logits(), expected, tolerance, batch.Valid, tensors.Shape("out." + name)[^1]);
        }
        return checks;
    }

    private static List<OutputCheck> CheckGradients(Golden golden, GoldenTensors tensors, Adapter adapter, List<OutputCheck> others, AdapterGradients? compute)
    {
        if (compute is null)
        {
            // what is wrong without them is told first
            return others.All(check => check.Holds)
                ? throw new UnsupportedException("gradients need the native library of training, which is not on this machine (./setup --training fetches it); the other outputs hold.")
                : [];
        }
        var computed = compute(golden, tensors, adapter);
        return [.. golden.Outputs.Where(output => IsGradient(output.Key)).Select(output => OutputCheck.Numbers(
            output.Key, computed.GetValueOrDefault(output.Key[Gradient.Length..], []), tensors.Floats("out." + output.Key), output.Value))];
    }

    private static bool IsGradient(string output) => output.StartsWith(Gradient, StringComparison.Ordinal);

    /// <summary>The mean over the labels of −log p, each predicted at the column before it; labels of −100 do not count.</summary>
    private static float Loss(float[] logits, GoldenTensors tensors)
    {
        var (labels, shape) = (tensors.Wholes("in.labels"), tensors.Shape("in.labels"));
        var width = logits.Length / labels.Length;
        var (sum, count) = (0.0, 0);
        for (var at = 0; at + 1 < labels.Length; at++)
        {
            if ((at + 1) % shape[1] == 0 || labels[at + 1] < 0)
                continue;
            var row = logits.AsSpan(at * width, width);
            sum += Engine.Logits.LogSum(row) - row[labels[at + 1]];
            count++;
        }
        return (float)(sum / count);
    }

    private static float[] Numbers(Checkpoint checkpoint, string name)
    {
        if (!checkpoint.Weights.TryGet(name, out var tensor))
            throw new EvaluationException($"the merged model has no tensor '{name}'.");
        return TensorComparison.ReadFloats(tensor);
    }
}
