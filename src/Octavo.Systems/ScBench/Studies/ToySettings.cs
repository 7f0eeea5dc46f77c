using System.Globalization;
using Octavo.Engine;
using Octavo.Systems.ScBench.Running;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench.Studies;

/// <summary>A setting of the toy's study.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Kept">The share of the context's tokens that a head keeps or reads.</param>
/// <param name="Kv">The method.</param>
internal sealed record ToySetting(string Method, string Kept, KvSetting Kv);

/// <summary>What the toy's study compares: all stored as fp32, so that methods differ and nothing else does.</summary>
internal static class ToySettings
{
    public const string Full = "full";
    public const string SnapKv = "snapkv";
    public const string StreamingLlm = "streamingllm";
    public const string H2O = "h2o";
    public const string Random = "random";
    public const string Quest = "quest";
    public const string Retrieval = "retrieval_attention";
    public const string AShape = "a_shape";
    public const string TriShape = "tri_shape";
    public const string MInference = "minference";
    public const string All = "all";

    private const int ContextTokens = 1 + (3 * ToyTask.MostPairs);

    /// <summary>Shares of the context, from the most on.</summary>
    public static IReadOnlyList<string> Shares { get; } = ["1/2", "1/4", "1/8", "1/16", "1/32"];

    /// <summary>The name of packing in so many bits.</summary>
    public static string Kivi(int bits) => string.Create(CultureInfo.InvariantCulture, $"kivi {bits} {(bits == 1 ? "bit" : "bits")}");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ToySetting> List { get; } =
    [
        Of(Full, All, "full"),
        .. Shares.SelectMany(Swept),
        Of(H2O, "1/4", $"h2o:budget={Budget("1/4")}"),
        Of(Retrieval, "1/4", "retrieval_attention:sinks=4,recent=12,top_k=8"),
        Of(AShape, All, "a_shape:init=4,local=20"),
        Of(TriShape, All, "tri_shape:init=4,local=20,last=8"),
        Of(MInference, All, "minference:vertical=8,slash=12,forced_columns=4,forced_diagonals=8"),
        .. new[] { 8, 4, 2, 1 }.Select(bits => Of(Kivi(bits), All, string.Create(CultureInfo.InvariantCulture, $"kivi:bits={bits},group=8,residual=8"))),
    ];

    /// <summary>Tokens of a share: 48, 24, 12, 6, 3 of 97.</summary>
    public static int Budget(string share) => ContextTokens / int.Parse(share[2..], CultureInfo.InvariantCulture);

    // a page of three divides every budget; the smallest budgets leave less to windows and first tokens
    private static IEnumerable<ToySetting> Swept(string share)
    {
        var budget = Budget(share);
        var (window, init) = (Math.Max(1, Math.Min(4, budget / 2)), Math.Max(1, Math.Min(4, budget / 3)));
        yield return Of(SnapKv, share, Text($"snapkv:window={window},budget={budget}"));
        yield return Of(StreamingLlm, share, Text($"streamingllm:init={init},local={budget - init}"));
        yield return Of(Quest, share, Text($"quest:page=3,budget={budget},min_pages=1"));
        yield return Of(Random, share, Text($"random:budget={budget}") + ",seed={row}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static ToySetting Of(string method, string kept, string text) => new(method, kept, new KvSetting($"f32+{text}", KvType.F32, text));
}
