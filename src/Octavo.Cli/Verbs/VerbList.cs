namespace Octavo.Cli.Verbs;

/// <summary>Every verb, in the order in which help lists them: the one place that a new verb is added to.</summary>
internal static class VerbList
{
    public static IReadOnlyList<VerbEntry> All { get; } =
    [
        ChatVerb.Entry,
        GenerateVerb.Entry,
        TokenizeVerb.Entry,
        TemplateVerb.Entry,
        LogitsVerb.Entry,
        EmbedVerb.Entry,
        PerplexityVerb.Entry,
        InspectVerb.Entry,
        EstimateVerb.Entry,
        ConvertVerb.Entry,
        MergeLoraVerb.Entry,
        ListVerb.Entry,
        ParityVerb.Entry,
        TrainVerb.Entry,
        DataVerb.Entry,
        RunsVerb.Entry,
        TokenizerVerb.Entry,
        EvalVerb.Entry,
        StudyVerb.Entry,
        BenchVerb.Entry,
        ScBenchVerb.Entry,
        KvVerb.Entry,
        DemoVerb.Entry,
        DoctorVerb.Entry,
    ];
}
