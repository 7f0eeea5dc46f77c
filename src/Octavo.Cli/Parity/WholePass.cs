using Octavo.Engine;

namespace Octavo.Cli.Parity;

/// <summary>Runs each sequence of a golden once as a whole; what is asked for is computed when first asked.</summary>
internal sealed class WholePass(LanguageModel model, TokenBatch batch, ParityContext context, string? adapter = null)
{
    private float[][]? _logits;
    private float[][][]? _hidden;

    /// <summary>[sequences, columns, vocabulary]</summary>
    public float[] Logits()
    {
        Run();
        return batch.Scatter(_logits!, _logits![0].Length / batch.Rows[0].Length);
    }

    /// <summary>[sequences, columns, width] after a layer; 0 is the embedding, the last is after the final norm.</summary>
    public float[] Hidden(int layer)
    {
        Run();
        return batch.Scatter([.. _hidden!.Select(row => row[layer])], model.Checkpoint.Model.HiddenSize);
    }

    /// <summary>[sequences, count]: the most likely token, again and again.</summary>
    public int[] Greedy(int count)
    {
        List<int> tokens = [];
        foreach (var ids in batch.Rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using var session = model.NewSession(adapter);
            tokens.AddRange(Greedy(session, ids, count));
        }
        return [.. tokens];
    }

    /// <summary>The most likely tokens after a prompt.</summary>
    /// <param name="session">An empty session.</param>
    /// <param name="ids">The prompt.</param>
    /// <param name="count">How many.</param>
    public static IEnumerable<int> Greedy(Session session, int[] ids, int count)
    {
        var next = ids;
        for (var step = 0; step < count; step++)
        {
            next = [Engine.Logits.Best(session.Forward(next))];
            yield return next[0];
        }
    }

    private void Run()
    {
        if (_logits is not null)
            return;
        var layers = model.Checkpoint.Model.Stacks[0].Layers.Count + 1;
        var width = model.Checkpoint.Model.HiddenSize;
        _logits = new float[batch.Rows.Count][];
        _hidden = new float[batch.Rows.Count][][];
        for (var row = 0; row < batch.Rows.Count; row++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var ids = batch.Rows[row];
            var hidden = Enumerable.Range(0, layers).Select(_ => new float[ids.Length * width]).ToArray();
            using var session = model.NewSession(adapter);
            _logits[row] = session.ForwardAll(
                ids, Session.LanguageHead, (layer, token, values) => values.CopyTo(hidden[layer].AsSpan(token * width)));
            _hidden[row] = hidden;
        }
    }
}
