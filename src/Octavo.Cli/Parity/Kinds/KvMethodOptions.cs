using Octavo.Core;
using Octavo.Engine.Kv;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>The method that the options of a golden describe.</summary>
internal static class KvMethodOptions
{
    /// <summary>The method of a golden.</summary>
    /// <exception cref="UnsupportedException">It is not supported yet.</exception>
    public static KvMethod Of(Golden golden)
    {
        if (golden.OptionOrNull("rerotate")?.GetBoolean() == true)
            return new RerotatedKv(Scored(golden, "method"));
        return golden.Option("method").GetString() switch
        {
            "full" => new FullKv(),
            "adakv" => new AdaKv(Scored(golden, "press")) { Safeguard = Number(golden, "alpha_safeguard") },
            "chunkkv" => new ChunkKv(Scored(golden, "press")) { ChunkLength = Whole(golden, "chunk_length") },
            "per_layer" => new PerLayerKv(Scored(golden, "press")) { CompressionRatios = [.. golden.Option("compression_ratios").EnumerateArray().Select(ratio => ratio.GetDouble())] },
            "duo_attention" => new DuoAttention
            {
                HeadScores = [.. golden.Option("head_scores").EnumerateArray().Select(heads => heads.EnumerateArray().Select(score => score.GetDouble()).ToArray())],
                StreamingShare = Number(golden, "head_compression_ratio"),
                Sinks = Whole(golden, "sink_size"),
                Recent = Whole(golden, "recent_size"),
            },
            _ => Scored(golden, "method"),
        };
    }

    private static ScoredMethod Scored(Golden golden, string option)
    {
        ScoredMethod method = golden.Option(option).GetString() switch
        {
            "streamingllm" => Streaming(golden),
            "snapkv" => new SnapKv { Window = Whole(golden, "window_size"), Kernel = Whole(golden, "kernel_size") },
            "pyramidkv" => new PyramidKv { Window = Whole(golden, "window_size"), Kernel = Whole(golden, "kernel_size"), Beta = Whole(golden, "beta") },
            "observed_attention" => new ObservedAttention(),
            "tova" => new Tova(),
            "knorm" => new Knorm(),
            "keydiff" => new KeyDiff(),
            "expected_attention" => Expected(golden),
            var name => throw new UnsupportedException($"the method '{name}' is not supported yet."),
        };
        return method with
        {
            Budget = golden.OptionOrNull("max_capacity_prompt")?.GetInt32(),
            // the golden's own words for what the ratio leaves
            CompressionRatio = method is StreamingLlm { Local: not null } ? null : golden.OptionOrNull("compression_ratio")?.GetDouble(),
            PerQueryHead = golden.OptionOrNull("per_query_head")?.GetBoolean() ?? false,
        };
    }

    private static StreamingLlm Streaming(Golden golden) => golden.OptionOrNull("n_local") is { } local
        ? new StreamingLlm { Init = Whole(golden, "n_init"), Local = local.GetInt32() }
        : new StreamingLlm { Init = Whole(golden, "n_sink") };

    private static ExpectedAttention Expected(Golden golden)
    {
        var plain = new ExpectedAttention { FuturePositions = Whole(golden, "n_future_positions") };
        return plain with
        {
            Sinks = golden.OptionOrNull("n_sink")?.GetInt32() ?? plain.Sinks,
            UseCovariance = Flag(golden, "use_covariance"),
            UseValueNorms = Flag(golden, "use_vnorm"),
            Epsilon = (float)(golden.OptionOrNull("epsilon")?.GetDouble() ?? 0),
        };
    }

    private static bool Flag(Golden golden, string name) => golden.OptionOrNull(name)?.GetBoolean() ?? true;

    private static int Whole(Golden golden, string name) => golden.Option(name).GetInt32();

    private static double Number(Golden golden, string name) => golden.Option(name).GetDouble();
}
