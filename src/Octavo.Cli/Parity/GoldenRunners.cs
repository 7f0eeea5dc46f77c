using Octavo.Cli.Parity.Kinds;

namespace Octavo.Cli.Parity;

/// <summary>Every kind of golden that can be run: the one place that a new kind is added to.</summary>
internal static class GoldenRunners
{
    public static IReadOnlyList<GoldenRunner> All { get; } =
    [
        new DecoderRunner(),
        new SequenceClassifierRunner(),
        new GgufQuantRunner(),
        new GgufFileRunner(),
        new GgufSplitRunner(),
        new GgufMetadataRunner(),
        new TokenizerRunner(),
        new GgufTokenizerRunner(),
        new ChatTemplateRunner(),
        new RealModelRunner(),
    ];
}
