using System.Text.Json;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>
/// A decoder checkpoint: logits and hidden states of every position, greedy tokens, and the same through the cache in chunks and
/// single steps. Padding is not run: each sequence is run alone, at positions from 0 on, as the golden's positions say.
/// </summary>
internal sealed class DecoderRunner : GoldenRunner
{
    public override string Kind => "decoder";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        // A configuration of an architecture that is not known may hold what is no JSON (mamba2's bare Infinity).
        if (!Architectures.Supported.Contains(golden.Architecture))
            throw new UnsupportedException($"the architecture '{golden.Architecture}' is not supported yet; supported are {string.Join(", ", Architectures.Supported)}.");
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        return Run(golden, model, context);
    }

    /// <summary>Compares the outputs of a golden with those of a model that is loaded already.</summary>
    public static IReadOnlyList<OutputCheck> Run(Golden golden, LanguageModel model, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        var batch = TokenBatch.Read(golden, tensors);
        List<OutputCheck> checks = [];
        var whole = new WholePass(model, batch, context);
        using var trainable = context.WithTraining ? new TrainablePass(golden, batch, Session.LanguageHead) : null;
        foreach (var (name, tolerance) in golden.Outputs)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var output = "out." + name;
            checks.Add(name switch
            {
                "greedy" => OutputCheck.Wholes(name, whole.Greedy(golden.Option("max_new_tokens").GetInt32()), tensors.Wholes(output)),
                "logits" => Compare(whole.Logits(), batch.Valid),
                _ when name.StartsWith("hidden.", StringComparison.Ordinal) => Compare(whole.Hidden(int.Parse(name["hidden.".Length..], null)), batch.Valid),
                "prefill_logits" => Compare(Steps(golden, model, batch).Prefill, null),
                "step_logits" => Compare(Steps(golden, model, batch).Steps, null),
                "chunked_logits" => Compare(Chunks(golden, model, batch), null),
                _ => throw new UnsupportedException($"the output '{name}' of a decoder is not supported yet."),
            });

            // with dynamic scaling the reference's later tokens see keys that were turned for a shorter sequence; one pass turns them all alike
            if (trainable is not null && !(name == "greedy" && trainable.KeysDependOnLength))
                checks.Add(Again(golden, name, tolerance, tensors, batch, trainable));

            OutputCheck Compare(float[] actual, bool[]? valid) =>
                OutputCheck.Numbers(name, actual, tensors.Floats(output), tolerance, valid, tensors.Shape(output)[^1]);
        }
        return checks;
    }

    // the engine that trains has no cache: what the reference computed in steps has to come out of one pass
    private static OutputCheck Again(Golden golden, string name, Tolerance tolerance, GoldenTensors tensors, TokenBatch batch, TrainablePass pass)
    {
        var (output, label) = ("out." + name, name + " (training)");
        return name switch
        {
            "greedy" => OutputCheck.Wholes(label, pass.Greedy(golden.Option("max_new_tokens").GetInt32()), tensors.Wholes(output)),
            "logits" => Compare(pass.Logits(), batch.Valid),
            "prefill_logits" => Compare(Tokens(0, golden.Option("prefill").GetInt32()), null),
            "step_logits" => Compare(Tokens(golden.Option("prefill").GetInt32(), golden.Option("steps").GetInt32()), null),
            "chunked_logits" => Compare(pass.Packed(), null),
            _ => Compare(pass.Hidden(int.Parse(name["hidden.".Length..], null)), batch.Valid),
        };

        OutputCheck Compare(float[] actual, bool[]? valid) =>
            OutputCheck.Numbers(label, actual, tensors.Floats(output), tolerance, valid, tensors.Shape(output)[^1]);

        float[] Tokens(int first, int count)
        {
            var all = pass.Packed();
            var width = all.Length / batch.Rows.Sum(ids => ids.Length);
            List<float> chosen = [];
            var at = 0;
            foreach (var ids in batch.Rows)
            {
                chosen.AddRange(all.AsSpan((at + first) * width, count * width));
                at += ids.Length;
            }
            return [.. chosen];
        }
    }

    private static (float[] Prefill, float[] Steps) Steps(Golden golden, LanguageModel model, TokenBatch batch)
    {
        var (prefill, steps) = (golden.Option("prefill").GetInt32(), golden.Option("steps").GetInt32());
        List<float> first = [], then = [];
        foreach (var ids in batch.Rows)
        {
            using var session = model.NewSession();
            first.AddRange(session.ForwardAll(ids.AsSpan(0, prefill)));
            for (var step = 0; step < steps; step++)
                then.AddRange(session.ForwardAll([ids[prefill + step]]));
        }
        return ([.. first], [.. then]);
    }

    private static float[] Chunks(Golden golden, LanguageModel model, TokenBatch batch)
    {
        List<float> logits = [];
        foreach (var ids in batch.Rows)
        {
            using var session = model.NewSession();
            var at = 0;
            foreach (JsonElement size in golden.Option("chunks").EnumerateArray())
            {
                logits.AddRange(session.ForwardAll(ids.AsSpan(at, size.GetInt32())));
                at += size.GetInt32();
            }
        }
        return [.. logits];
    }
}
