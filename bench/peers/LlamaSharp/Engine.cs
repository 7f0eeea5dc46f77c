using LLama;
using LLama.Common;
using LLama.Native;

namespace Octavo.Bench.LlamaSharp;

/// <summary>A loaded model and a context of the library's, driven through its own batches.</summary>
internal sealed class Engine : IDisposable
{
    // as llama.cpp's own bench has it
    private const int BatchTokens = 2048;
    private const int MicroBatchTokens = 512;

    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;
    private readonly LLamaBatch _batch = new();
    private readonly int _vocabulary;

    public Engine(Arguments arguments, int context, int sequences)
    {
        var type = arguments.Text("kv") switch
        {
            "f32" => GGMLType.GGML_TYPE_F32,
            "q8" => GGMLType.GGML_TYPE_Q8_0,
            "q4" => GGMLType.GGML_TYPE_Q4_0,
            _ => GGMLType.GGML_TYPE_F16,
        };
        var threads = arguments.Whole("threads", Environment.ProcessorCount);
        var parameters = new ModelParams(arguments.Need("model"))
        {
            ContextSize = (uint)context, SeqMax = (uint)sequences, BatchSize = BatchTokens, UBatchSize = MicroBatchTokens,
            Threads = threads, BatchThreads = threads, GpuLayerCount = 0, TypeK = type, TypeV = type,
            FlashAttention = arguments.Text("fa") == "1",
        };
        _weights = LLamaWeights.LoadFromFile(parameters);
        _context = _weights.CreateContext(parameters);
        _vocabulary = _weights.Vocab.Count;
    }

    public int[] Tokenize(string text) => [.. _context.Tokenize(text).Select(token => (int)token)];

    public void Clear() => _context.NativeHandle.MemoryClear(true);

    /// <summary>Reads tokens into a sequence; logits are computed for the last one.</summary>
    public void Prefill(IReadOnlyList<int> tokens, int sequence)
    {
        for (var begin = 0; begin < tokens.Count; begin += BatchTokens)
        {
            var end = Math.Min(tokens.Count, begin + BatchTokens);
            _batch.Clear();
            for (var i = begin; i < end; i++)
                _batch.Add(tokens[i], i, (LLamaSeqId)sequence, i == tokens.Count - 1);
            Decode();
        }
    }

    /// <summary>One step of every sequence at a position.</summary>
    public void Step(IReadOnlyList<int> tokens, int position)
    {
        _batch.Clear();
        for (var sequence = 0; sequence < tokens.Count; sequence++)
            _batch.Add(tokens[sequence], position, (LLamaSeqId)sequence, true);
        Decode();
    }

    /// <summary>The likeliest next token of the last row.</summary>
    public int Best()
    {
        var logits = _context.NativeHandle.GetLogitsIth(_batch.TokenCount - 1);
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            best = logits[i] > logits[best] ? i : best;
        return best;
    }

    public string TextOf(int token)
    {
        var decoder = new StreamingTokenDecoder(_context);
        decoder.Add(token);
        return decoder.Read();
    }

    /// <summary>Tokens without meaning, the same in every run.</summary>
    public int[] Tokens(int count)
    {
        var state = 12345u;
        var tokens = new int[count];
        for (var i = 0; i < count; i++)
        {
            state = (state * 1664525) + 1013904223;
            tokens[i] = (int)((state >> 8) % (uint)_vocabulary);
        }
        return tokens;
    }

    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }

    private void Decode()
    {
        var result = _context.Decode(_batch);
        if (result != DecodeResult.Ok)
            throw new InvalidOperationException($"The library's decode returned {result}.");
        _context.NativeHandle.Synchronize();
    }
}
