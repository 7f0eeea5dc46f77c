using Octavo.Models;
using Octavo.Nn.Decoder;

namespace Octavo.Cli.Parity;

/// <summary>The sequences of a golden through the decoder that trains, all in one pass without padding.</summary>
internal sealed class TrainablePass : IDisposable
{
    private readonly TokenBatch _batch;
    private readonly TrainableDecoder _decoder;
    private float[]? _logits;
    private float[][]? _hidden;

    public TrainablePass(Golden golden, TokenBatch batch, string head)
    {
        (_batch, Head) = (batch, head);
        Nn.TorchRuntime.Ensure();
        using var checkpoint = Checkpoint.Open(golden.Folder);
        _decoder = new TrainableDecoder(checkpoint);
    }

    public string Head { get; }

    /// <summary>Whether keys differ with the length of the sequence.</summary>
    public bool KeysDependOnLength => _decoder.Model.Stacks[0].Layers.SelectMany(layer => layer.Parts)
        .Any(part => part.Mix is Attention { Order.Scaling: DynamicScaling });

    /// <summary>[sequences, columns, outputs]</summary>
    public float[] Logits()
    {
        Run();
        return Scatter(_logits!);
    }

    /// <summary>The outputs of every token, sequence after sequence [N, outputs].</summary>
    public float[] Packed()
    {
        Run();
        return _logits!;
    }

    /// <summary>[sequences, columns, width] after a layer; 0 is the embedding, the last is after the final norm.</summary>
    public float[] Hidden(int layer)
    {
        Run();
        return Scatter(_hidden![layer]);
    }

    /// <summary>[sequences, count]: the most likely token, again and again, everything computed anew each time.</summary>
    public int[] Greedy(int count)
    {
        var rows = _batch.Rows.Select(ids => ids.ToList()).ToList();
        for (var step = 0; step < count; step++)
        {
            foreach (var ids in rows)
            {
                var logits = Outputs(new TokenRows([.. ids], [ids.Count]), null);
                ids.Add(Engine.Logits.Best(logits.AsSpan(logits.Length - _decoder.Model.VocabularySize)));
            }
        }
        return [.. rows.SelectMany(ids => ids.TakeLast(count))];
    }

    public void Dispose() => _decoder.Dispose();

    private void Run()
    {
        if (_logits is not null)
            return;
        _hidden = new float[_decoder.Layers + 1][];
        var rows = new TokenRows([.. _batch.Rows.SelectMany(ids => ids)], [.. _batch.Rows.Select(ids => ids.Length)]);
        _logits = Outputs(rows, _hidden);
    }

    private float[] Outputs(TokenRows rows, float[][]? hidden)
    {
        using var run = _decoder.Forward(rows, isTraining: false, capture: (layer, x) => hidden?[layer] = x.data<float>().ToArray());
        using var outputs = _decoder.Read(run.Hidden, Head);
        return outputs.data<float>().ToArray();
    }

    private float[] Scatter(float[] packed)
    {
        var width = packed.Length / _batch.Rows.Sum(ids => ids.Length);
        List<float[]> rows = [];
        var at = 0;
        foreach (var ids in _batch.Rows)
        {
            rows.Add(packed[at..(at + (ids.Length * width))]);
            at += ids.Length * width;
        }
        return _batch.Scatter(rows, width);
    }
}
