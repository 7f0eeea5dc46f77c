using Microsoft.ML.OnnxRuntime;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Bench.Embeddings;

/// <summary>Makes embeddings of texts.</summary>
internal interface IContender : IDisposable
{
    /// <summary>What it is called in the table.</summary>
    string Name { get; }

    int Threads { get; }

    /// <summary>Unit embeddings, in the order of the texts.</summary>
    /// <param name="ids">Token ids of each text, special ones included.</param>
    float[][] Embed(int[][] ids);
}

/// <summary>Octavo's encoder at default settings: it gets all texts at once and orders them itself.</summary>
internal sealed class OctavoContender(string model, int threads) : IContender
{
    private readonly TextEncoder _encoder = TextEncoder.Load(model, new EngineOptions { Threads = threads });

    public string Name => "Octavo";

    public int Threads => threads;

    public TextEncoder Encoder => _encoder;

    public float[][] Embed(int[][] ids) =>
        [.. _encoder.Run(ids).Select(rows => Pool.Rows(rows, _encoder.Width, Pooling.Mean, normalize: true))];

    public void Dispose() => _encoder.Dispose();
}

/// <summary>ONNX Runtime in fp32 with all of its optimizations: texts in order of length, a batch filled up to its longest.</summary>
internal sealed class OnnxContender : IContender
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly int _batch;

    public OnnxContender(string file, int threads, int batch)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(file, options);
        (Threads, _batch) = (threads, batch);
    }

    public string Name => "ONNX Runtime";

    public int Threads { get; }

    public float[][] Embed(int[][] ids)
    {
        var results = new float[ids.Length][];
        foreach (var batch in Enumerable.Range(0, ids.Length).OrderBy(text => ids[text].Length).Chunk(_batch))
            Run(ids, batch, results);
        return results;
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private void Run(int[][] ids, int[] batch, float[][] results)
    {
        var tokens = batch.Max(text => ids[text].Length);
        var (words, mask) = (new long[batch.Length * tokens], new long[batch.Length * tokens]);
        for (var row = 0; row < batch.Length; row++)
        {
            var text = ids[batch[row]];
            for (var at = 0; at < text.Length; at++)
                (words[(row * tokens) + at], mask[(row * tokens) + at]) = (text[at], 1);
        }
        long[] shape = [batch.Length, tokens];
        using var wordsIn = OrtValue.CreateTensorValueFromMemory(words, shape);
        using var maskIn = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var outputs = _session.Run(_run, ["ids", "mask"], [wordsIn, maskIn], ["embedding"]);
        var rows = outputs[0].GetTensorDataAsSpan<float>();
        var width = rows.Length / batch.Length;
        for (var row = 0; row < batch.Length; row++)
            results[batch[row]] = rows.Slice(row * width, width).ToArray();
    }
}
