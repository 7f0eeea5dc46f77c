using Octavo.Cli.Parity.Kinds;

namespace Octavo.Cli.Parity;

/// <summary>Every kind of golden that can be run: the one place that a new kind is added to.</summary>
internal static class GoldenRunners
{
    /// <summary>Whether a kind can be run.</summary>
    public static bool Known(string kind) => All.Any(runner => runner.Kind == kind);

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
        new TextEncoderRunner("text-encoder"),
        new TextEncoderRunner("sentence-encoder"),
        new TextEncoderRunner("token-classification"),
        new RealModelRunner(),
        new SftRunner(),
        new AccumulationRunner(),
        new PackingRunner(),
        new ScheduleRunner(),
        new IfevalRunner(),
        new IfevalDocumentsRunner(),
        new GsmExtractionRunner(),
        new ExactMatchRunner(),
        new RougeRunner(),
        new PorterRunner(),
        new BootstrapRunner(),
        new ScbenchScorersRunner(),
        new ScbenchRepoQaRunner(),
        new QuantizationRunner(),
        new LoraRunner(AdapterTraining.Gradients),
        new KvPressRunner("kv.press"),
        new KvPressRunner("kv.press_masked"),
        new KvTwoLevelRunner(),
        new KvBudgetsRunner(),
        new KvAttentionRunner(),
        new KvSelectionRunner(),
        new KvQuantizedRunner(),
        new KvQuantizedModelRunner(),
        new KvRotaryRunner(),
        new KvBlendRunner(),
    ];
}
