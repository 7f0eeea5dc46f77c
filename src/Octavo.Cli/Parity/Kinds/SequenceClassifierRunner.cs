using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A checkpoint with a score head: the score at every token, and at the last one that is no padding.</summary>
internal sealed class SequenceClassifierRunner : GoldenRunner
{
    private const string Head = "score";

    public override string Kind => "sequence-classifier";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        var batch = TokenBatch.Read(golden, tensors);
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        var padding = golden.Json("config.json").GetProperty("pad_token_id").GetInt32();
        List<float[]> scores = [];
        List<float> last = [];
        foreach (var ids in batch.Rows)
        {
            using var session = model.NewSession();
            var all = session.ForwardAll(ids, Head);
            var width = all.Length / ids.Length;
            scores.Add(all);
            last.AddRange(all.AsSpan(Array.FindLastIndex(ids, id => id != padding) * width, width));
        }
        var labels = scores[0].Length / batch.Rows[0].Length;
        using var trainable = context.WithTraining ? new TrainablePass(golden, batch, Head) : null;
        return
        [
            .. trainable is not null && golden.Outputs.TryGetValue("token_scores", out var tolerance)
                ? (OutputCheck[])[OutputCheck.Numbers("token_scores (training)", trainable.Logits(), tensors.Floats("out.token_scores"), tolerance, batch.Valid, labels)]
                : [],
            .. golden.Outputs.Select(output => output.Key switch
            {
                "token_scores" => OutputCheck.Numbers(output.Key, batch.Scatter(scores, labels), tensors.Floats("out.token_scores"), output.Value, batch.Valid, labels),
                "logits" => OutputCheck.Numbers(output.Key, last.ToArray(), tensors.Floats("out.logits"), output.Value),
                _ => throw new UnsupportedException($"the output '{output.Key}' of a sequence classifier is not supported yet."),
            }),
        ];
    }
}
