using Octavo.Core;

namespace Octavo.Engine.Kv;

/// <summary>The methods by the names that command lines use: <c>snapkv:budget=1024</c>, <c>adakv(snapkv:budget=1024):safeguard=0.3</c>.</summary>
public static class KvMethods
{
    private static readonly Dictionary<string, Func<MethodText, KvMethod>> _known = new()
    {
        ["full"] = _ => new FullKv(),
        ["streamingllm"] = text => Scored(
            text, new StreamingLlm { Init = text.Whole("init", 128), Local = text.WholeOrNull("local") ?? (text.Preset == "paper" ? StreamingLlm.Paper.Local : null) }, null),
        ["snapkv"] = text => Scored(text, new SnapKv { Window = text.Whole("window", 32), Kernel = text.Whole("kernel", 5) }),
        ["pyramidkv"] = text => Scored(text, new PyramidKv
        {
            Window = text.Whole("window", 32), Kernel = text.Whole("kernel", 5), Beta = text.Whole("beta", 20),
        }),
        ["h2o"] = text => Scored(text, new H2O()),
        ["observed_attention"] = text => Scored(text, new ObservedAttention()),
        ["tova"] = text => Scored(text, new Tova()),
        ["knorm"] = text => Scored(text, new Knorm()),
        ["keydiff"] = text => Scored(text, new KeyDiff()),
        ["expected_attention"] = text => Scored(text, new ExpectedAttention
        {
            FuturePositions = text.Whole("future_positions", 512), Sinks = text.Whole("sinks", 4),
        }),
        ["a_shape"] = text => new AShape { Init = text.Whole("init", 128), Local = text.WholeOrNull("local") ?? (text.Preset == "paper" ? AShape.Paper : new AShape()).Local },
        ["tri_shape"] = text => Tri(text, text.Preset == "paper" ? TriShape.Paper : new TriShape()),
        ["minference"] = text => new MInference
        {
            Vertical = text.Whole("vertical", 1000), Slash = text.Whole("slash", 6096), ForcedColumns = text.Whole("forced_columns", 30),
            ForcedDiagonals = text.Whole("forced_diagonals", 100), ReleasedKernel = text.Flag("released_kernel"),
            Patterns = text.Text("patterns") is { } file ? HeadPatternFile.Read(file) : null,
        },
        ["cacheblend"] = text => new CacheBlend
        {
            Ratio = text.Number("ratio", 0.15), Chunk = text.Whole("chunk", 256), MinTokens = text.Whole("min_tokens", 256),
        },
        ["kivi"] = text => new Kivi { Bits = text.Whole("bits", 2), Group = text.Whole("group", 32), Residual = text.Whole("residual", 32) },
        ["quest"] = text => new Quest
        {
            Page = text.Whole("page", 16), Budget = text.WholeOrNull("budget") ?? (text.Preset == "paper" ? Quest.Paper : new Quest()).Budget,
            MinPages = text.Whole("min_pages", 3), PerQueryHead = text.Flag("per_query_head"),
        },
        ["retrieval_attention"] = text => new RetrievalAttention
        {
            TopK = text.WholeOrNull("top_k") ?? (text.Preset == "paper" ? RetrievalAttention.Paper : new RetrievalAttention()).TopK,
            Sinks = text.Whole("sinks", 128), Recent = text.Whole("recent", 512), PerQueryHead = text.Flag("per_query_head"),
        },
        ["random"] = text => Scored(text, new RandomKv { Seed = text.Whole("seed", 0) }),
        ["adakv"] = text => new AdaKv(Inner(text)) { Safeguard = text.Number("safeguard", 0.2) },
        ["rerotated"] = text => new RerotatedKv(Inner(text)),
        ["decoding"] = text => new DecodingKv(Inner(text)) { CompressionInterval = text.Whole("compression_interval", 512) },
        ["chunkkv"] = text => new ChunkKv(Inner(text)) { ChunkLength = text.Whole("chunk_length", 20) },
    };

    /// <summary>Tokens that methods with a budget keep where none is given: SCBench's setting.</summary>
    public const int DefaultBudget = 4096;

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _known.Keys];

    /// <summary>Reads a method with its options.</summary>
    /// <param name="text">
    /// NAME, or NAME:OPTION=VALUE,OPTION=VALUE; several with a + between, each for its own moment; a wrapper has its method in brackets behind its name. Scored methods take <c>budget</c>,
    /// <c>compression_ratio</c> and <c>per_query_head</c>; streamingllm's <c>preset</c> is <c>code</c> (the default) or <c>paper</c>.
    /// </param>
    /// <exception cref="ConfigException">A name or an option is not known, or a value is wrong; the message names what there is.</exception>
    public static KvMethod Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var parts = MethodText.Parts(text);
        if (parts.Count > 1)
        {
            var composed = new ComposedKv([.. parts.Select(Parse)]);
            composed.Validate();
            return composed;
        }
        var read = MethodText.Read(text);
        if (!_known.TryGetValue(read.Name, out var make))
            throw new ConfigException($"There is no method '{read.Name}' for keys and values.{Nearest.Hint(read.Name, Names)} Give one of {string.Join(", ", Names)}.");
        var method = make(read);
        read.CheckAllUsed();
        method.Validate();
        return method;
    }

    private static TriShape Tri(MethodText text, TriShape preset) => preset with
    {
        Init = text.Whole("init", preset.Init),
        Local = text.Whole("local", preset.Local),
        Last = text.Whole("last", preset.Last),
    };

    private static ScoredMethod Scored(MethodText text, ScoredMethod method, int? budget = DefaultBudget)
    {
        var ratio = text.NumberOrNull("compression_ratio");
        return method with
        {
            CompressionRatio = ratio,
            Budget = text.WholeOrNull("budget") ?? (ratio is null ? budget : null),
            PerQueryHead = text.Flag("per_query_head"),
        };
    }

    private static ScoredMethod Inner(MethodText text) => text.Inner is null
        ? throw new ConfigException($"'{text.Name}' wraps another method; name it in brackets, as {text.Name}(snapkv:budget=1024).")
        : Parse(text.Inner) as ScoredMethod
            ?? throw new ConfigException($"'{text.Name}' wraps methods that rate tokens; '{text.Inner}' does not.");
}
