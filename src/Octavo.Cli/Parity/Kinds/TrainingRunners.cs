using System.Text.Json;
using Octavo.Core;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Nn.Optimizers;
using Octavo.Training.Configuration;
using Octavo.Training.Steps;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>What goldens of training share: a decoder, a batch, gradients.</summary>
internal abstract class TrainingRunner : GoldenRunner
{
    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        if (!context.WithTraining)
            throw new UnsupportedException("training needs its native library, which is not on this machine; ./setup --training fetches it.");
        Nn.TorchRuntime.Ensure();
        using var tensors = new GoldenTensors(golden);
        using var checkpoint = Checkpoint.Open(golden.Folder);
        using var decoder = new TrainableDecoder(checkpoint);
        return Run(golden, tensors, decoder);
    }

    protected abstract IReadOnlyList<OutputCheck> Run(Golden golden, GoldenTensors tensors, TrainableDecoder decoder);

    /// <summary>Rows of the batch, each padding where its mask is 0.</summary>
    protected static SupervisedRows Rows(GoldenTensors tensors, int first = 0, int? count = null)
    {
        var length = tensors.Shape("in.input_ids")[1];
        var range = (first * length)..((first + (count ?? (tensors.Shape("in.input_ids")[0] - first))) * length);
        return SupervisedRows.Of(length, tensors.Wholes("in.input_ids")[range], tensors.Wholes("in.labels")[range], tensors.Wholes("in.attention_mask")[range]);
    }

    /// <summary>The gradient of a tensor, which the caller may change.</summary>
    protected static float[] Gradient(TrainableDecoder decoder, string name)
    {
        using var gradient = decoder.Trained.Single(part => part.Name == name).Value.grad;
        return gradient!.data<float>().ToArray();
    }

    /// <summary>Compares the case's <c>grad_norm</c> and <c>grad_norms</c>, by the tolerance of gradients.</summary>
    protected static IEnumerable<OutputCheck> Norms(string label, TrainableDecoder decoder, JsonElement expected)
    {
        var tolerance = new Tolerance(1e-5, 1e-4);
        using var optimizer = new AdamW(decoder.Trained);
        yield return Number(label + "grad_norm", optimizer.GradientNorm(), expected.GetProperty("grad_norm").GetDouble(), tolerance);
        List<float> actual = [], wanted = [];
        foreach (var norm in expected.GetProperty("grad_norms").EnumerateObject())
        {
            actual.Add((float)Math.Sqrt(Gradient(decoder, norm.Name).Sum(x => (double)x * x)));
            wanted.Add((float)norm.Value.GetDouble());
        }
        yield return OutputCheck.Numbers(label + "grad_norms", [.. actual], [.. wanted], tolerance);
    }

    protected static OutputCheck Number(string name, double actual, double expected, Tolerance tolerance) =>
        OutputCheck.Numbers(name, [(float)actual], [(float)expected], tolerance);

    protected static void Clear(TrainableDecoder decoder)
    {
        using var optimizer = new AdamW(decoder.Trained);
        optimizer.ZeroGradients();
    }
}

/// <summary>Gradients of an adapter's parameters alone, by the engine that trains.</summary>
internal static class AdapterTraining
{
    /// <summary>Every gradient by peft's name, <c>.weight</c> at each.</summary>
    public static IReadOnlyDictionary<string, float[]> Gradients(Golden golden, GoldenTensors tensors, Octavo.Models.Adapters.Adapter adapter)
    {
        Nn.TorchRuntime.Ensure();
        using var checkpoint = Checkpoint.Open(golden.Folder);
        using var decoder = new TrainableDecoder(checkpoint, new DecoderOptions { TrainWeights = false });
        decoder.AddAdapter(adapter);
        var length = tensors.Shape("in.input_ids")[1];
        var batch = SupervisedRows.Of(length, tensors.Wholes("in.input_ids"), tensors.Wholes("in.labels"), tensors.Wholes("in.attention_mask"));
        GradientStep.Run(decoder, [batch], LossReduction.MeanGlobal, 0);
        return decoder.Trained.ToDictionary(part => part.Name.EndsWith(".weight", StringComparison.Ordinal) ? part.Name : part.Name + ".weight", part =>
        {
            using var gradient = part.Value.grad;
            return gradient!.data<float>().ToArray();
        });
    }
}

/// <summary>A step of supervised fine-tuning, then several with AdamW, clipping and a schedule.</summary>
internal sealed class SftRunner : TrainingRunner
{
    public override string Kind => "sft";

    protected override IReadOnlyList<OutputCheck> Run(Golden golden, GoldenTensors tensors, TrainableDecoder decoder)
    {
        var batch = Rows(tensors);
        List<OutputCheck> checks = [];
        var first = GradientStep.Run(decoder, [batch], LossReduction.MeanGlobal, 0);
        checks.Add(Number("loss", first.PerToken, tensors.Floats("out.loss")[0], golden.Outputs["loss"]));
        foreach (var (name, tolerance) in golden.Outputs.Where(output => output.Key.StartsWith("grad.", StringComparison.Ordinal)))
            checks.Add(OutputCheck.Numbers(name, Gradient(decoder, name["grad.".Length..]), tensors.Floats("out." + name), tolerance));
        Clear(decoder);
        checks.AddRange(Steps(golden, tensors, decoder, batch));
        foreach (var (name, tolerance) in golden.Outputs.Where(output => output.Key.StartsWith("after.", StringComparison.Ordinal)))
        {
            var value = decoder.Trained.Single(part => part.Name == name["after.".Length..]).Value;
            checks.Add(OutputCheck.Numbers(name, value.data<float>().ToArray(), tensors.Floats("out." + name), tolerance));
        }
        return checks;
    }

    private static IEnumerable<OutputCheck> Steps(Golden golden, GoldenTensors tensors, TrainableDecoder decoder, SupervisedRows batch)
    {
        double Option(string name) => golden.Option(name).GetDouble();
        using var optimizer = new AdamW(decoder.Trained, new AdamWOptions
        {
            Beta1 = golden.Option("betas")[0].GetDouble(), Beta2 = golden.Option("betas")[1].GetDouble(), Epsilon = Option("eps"), WeightDecay = Option("weight_decay"),
        });
        var schedule = new Training.Schedules.Schedule(
            Training.Schedules.ScheduleKind.Linear, Option("lr"), golden.Option("warmup_steps").GetInt64(), golden.Option("total_steps").GetInt64(), new());
        List<float> losses = [], norms = [], rates = [];
        for (var step = 0; step < golden.Option("steps").GetInt32(); step++)
        {
            losses.Add((float)GradientStep.Run(decoder, [batch], LossReduction.MeanGlobal, 0).PerToken);
            norms.Add((float)optimizer.GradientNorm());
            rates.Add((float)schedule.At(step));
            decoder.BeginChange();
            optimizer.Step(schedule.At(step), Clipping.Scale(norms[^1], Option("max_grad_norm")));
            optimizer.ZeroGradients();
        }
        losses.Add((float)GradientStep.Run(decoder, [batch], LossReduction.MeanGlobal, 0).PerToken);
        yield return OutputCheck.Numbers("step_losses", [.. losses], tensors.Floats("out.step_losses"), golden.Outputs["step_losses"]);
        yield return OutputCheck.Numbers("step_grad_norm", [.. norms], tensors.Floats("out.step_grad_norm"), golden.Outputs["step_grad_norm"]);
        yield return OutputCheck.Numbers("step_lr", [.. rates], tensors.Floats("out.step_lr"), golden.Outputs["step_lr"]);
    }
}

/// <summary>One batch in pieces of several sizes, by each reduction.</summary>
internal sealed class AccumulationRunner : TrainingRunner
{
    private static readonly Dictionary<string, LossReduction> _reductions = new()
    {
        ["sum"] = LossReduction.Sum, ["mean-micro"] = LossReduction.MeanMicro, ["mean-global"] = LossReduction.MeanGlobal,
    };

    public override string Kind => "accumulation";

    protected override IReadOnlyList<OutputCheck> Run(Golden golden, GoldenTensors tensors, TrainableDecoder decoder)
    {
        List<OutputCheck> checks = [];
        foreach (var entry in golden.Json("cases.json").EnumerateArray())
        {
            // "sum, 4 micro-batches of 1" and "mean-global, one batch of 4"
            var text = entry.GetProperty("input").GetProperty("reduction").GetString()!;
            var (reduction, expected) = (_reductions[text[..text.IndexOf(',')]], entry.GetProperty("expected"));
            var size = int.Parse(text[(text.LastIndexOf(' ') + 1)..], null);
            var rows = tensors.Shape("in.input_ids")[0];
            var step = GradientStep.Run(decoder, [.. Enumerable.Range(0, rows / size).Select(i => Rows(tensors, i * size, size))], reduction, 0);
            checks.Add(Number(text + ": loss", step.Objective, expected.GetProperty("loss").GetDouble(), new(1e-5, 1e-5)));
            checks.AddRange(Norms(text + ": ", decoder, expected));
            Clear(decoder);
        }
        foreach (var (name, tolerance) in golden.Outputs)
        {
            var parts = name.Split('.', 3);
            GradientStep.Run(decoder, [.. Enumerable.Range(0, tensors.Shape("in.input_ids")[0]).Select(i => Rows(tensors, i, 1))], _reductions[parts[1]], 0);
            checks.Add(OutputCheck.Numbers(name, Gradient(decoder, parts[2]), tensors.Floats("out." + name), tolerance));
            Clear(decoder);
        }
        return checks;
    }
}

/// <summary>Several documents in one row, none of which sees another.</summary>
internal sealed class PackingRunner : TrainingRunner
{
    public override string Kind => "packing";

    protected override IReadOnlyList<OutputCheck> Run(Golden golden, GoldenTensors tensors, TrainableDecoder decoder)
    {
        var documents = tensors.Wholes("in.doc_ids").Select(id => id + 1).ToArray();
        var batch = SupervisedRows.Of(tensors.Shape("in.input_ids")[1], tensors.Wholes("in.input_ids"), tensors.Wholes("in.labels"), documents);
        int[] positions = [.. batch.Tokens.Lengths.SelectMany(length => Enumerable.Range(0, length))];
        List<OutputCheck> checks = [OutputCheck.Wholes("position_ids", positions, tensors.Wholes("in.position_ids"))];
        using (var run = decoder.Forward(batch.Tokens, isTraining: false))
        {
            using var logits = decoder.Read(run.Hidden);
            checks.Add(OutputCheck.Numbers("logits", logits.data<float>().ToArray(), tensors.Floats("out.logits"), golden.Outputs["logits"]));
        }
        var step = GradientStep.Run(decoder, [batch], LossReduction.MeanGlobal, 0);
        checks.Add(Number("loss", step.PerToken, tensors.Floats("out.loss")[0], golden.Outputs["loss"]));
        foreach (var (name, tolerance) in golden.Outputs.Where(output => output.Key.StartsWith("grad.", StringComparison.Ordinal)))
            checks.Add(OutputCheck.Numbers(name, Gradient(decoder, name["grad.".Length..]), tensors.Floats("out." + name), tolerance));
        checks.AddRange(Norms("", decoder, golden.Json("cases.json")[0].GetProperty("expected")));
        return checks;
    }
}
