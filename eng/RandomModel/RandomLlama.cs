using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;

namespace Octavo.Tools.RandomModel;

/// <summary>Writes a Llama with random fp16 weights: the right shape to time, with nothing to say. The head is tied to the embedding.</summary>
internal static unsafe class RandomLlama
{
    private const double Deviation = 0.02;

    public static void Write(Options options)
    {
        using var source = GgufFile.Open(options.Tokenizer);
        var vocabulary = source.Metadata.Get<string[]>("tokenizer.ggml.tokens").Length;
        var largest = Math.Max((long)vocabulary * options.Width, (long)options.Ffn * options.Width);
        var numbers = (Half*)NativeMemory.Alloc((nuint)(2 * largest), (nuint)sizeof(Half));
        var ones = (float*)NativeMemory.Alloc((nuint)options.Width, sizeof(float));
        try
        {
            var random = new SeededRandom((ulong)options.Seed);
            for (long i = 0; i < 2 * largest; i++)
                numbers[i] = (Half)(random.NextGaussian() * Deviation);
            new Span<float>(ones, options.Width).Fill(1);
            GgufWriter.Write(options.Target, Metadata(options, source.Metadata), Tensors(options, vocabulary, largest, numbers, ones, random));
        }
        finally
        {
            NativeMemory.Free(ones);
            NativeMemory.Free(numbers);
        }
    }

    private static Dictionary<string, object> Metadata(Options options, GgufMetadata source)
    {
        var values = new Dictionary<string, object>
        {
            ["general.architecture"] = "llama",
            ["general.name"] = $"random weights, seed {options.Seed}",
            ["general.file_type"] = 1u,
            ["llama.block_count"] = (uint)options.Layers,
            ["llama.context_length"] = (uint)options.Context,
            ["llama.embedding_length"] = (uint)options.Width,
            ["llama.feed_forward_length"] = (uint)options.Ffn,
            ["llama.attention.head_count"] = (uint)options.Heads,
            ["llama.attention.head_count_kv"] = (uint)options.KvHeads,
            ["llama.attention.layer_norm_rms_epsilon"] = 1e-5f,
            ["llama.rope.dimension_count"] = (uint)options.HeadWidth,
            ["llama.rope.freq_base"] = 130000f,
        };
        foreach (var (key, value) in source.Values.Where(pair => pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal)))
            values[key] = value;
        return values;
    }

    private static List<StoredTensor> Tensors(Options o, int vocabulary, long largest, Half* numbers, float* ones, SeededRandom random)
    {
        var (keys, tensors) = (o.KvHeads * o.HeadWidth, new List<StoredTensor>());
        Matrix("token_embd", vocabulary, o.Width);
        Norm("output_norm");
        for (var i = 0; i < o.Layers; i++)
        {
            Norm($"blk.{i}.attn_norm");
            Matrix($"blk.{i}.attn_q", o.Width, o.Width);
            Matrix($"blk.{i}.attn_k", keys, o.Width);
            Matrix($"blk.{i}.attn_v", keys, o.Width);
            Matrix($"blk.{i}.attn_output", o.Width, o.Width);
            Norm($"blk.{i}.ffn_norm");
            Matrix($"blk.{i}.ffn_gate", o.Ffn, o.Width);
            Matrix($"blk.{i}.ffn_up", o.Ffn, o.Width);
            Matrix($"blk.{i}.ffn_down", o.Width, o.Ffn);
        }
        return tensors;

        void Norm(string name) => tensors.Add(new StoredTensor(name + ".weight", TensorType.F32, [o.Width], (byte*)ones));

        // Each matrix is another window of the same numbers: billions of draws would take minutes and time nothing better.
        void Matrix(string name, int rows, int columns)
        {
            var start = (long)(random.NextDouble() * largest);
            tensors.Add(new StoredTensor(name + ".weight", TensorType.F16, [rows, columns], (byte*)(numbers + start)));
        }
    }
}
