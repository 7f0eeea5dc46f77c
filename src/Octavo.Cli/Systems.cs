namespace Octavo.Cli;

/// <summary>One of the eight systems that Octavo is being built into.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Paper">The title of its paper.</param>
/// <param name="Command">The verb that will run it.</param>
/// <param name="State">How far it is.</param>
/// <param name="Evidence">How it has been checked: real weights run here, released layout matched, tiny only, or nothing yet.</param>
internal sealed record SystemEntry(string Name, string Paper, string Command, string State, string Evidence);

/// <summary>The eight systems, as <c>list</c> and the README show them.</summary>
internal static class Systems
{
    private const string NotYet = "not yet";

    public static IReadOnlyList<SystemEntry> All { get; } =
    [
        new("Apollo", "An Exploration of Video Understanding in Large Multimodal Models", "octavo video", NotYet, NotYet),
        new("BiMediX2", "Bio-Medical EXpert LMM for Diverse Medical Modalities", "octavo medical", NotYet, NotYet),
        new("LAM", "Large Action Models: From Inception to Implementation", "octavo agent", NotYet, NotYet),
        new("ObjectMate", "A Recurrence Prior for Object Insertion and Subject-Driven Generation", "octavo object", NotYet, NotYet),
        new("VMB", "Multimodal Music Generation with Explicit Bridges and Retrieval Augmentation", "octavo music", NotYet, NotYet),
        new("SynerGen-VL", "Towards Synergistic Image Understanding and Generation with Vision Experts and Token Folding", "octavo image", NotYet, NotYet),
        new("SCBench", "A KV Cache-Centric Analysis of Long-Context Methods", "octavo scbench", "methods measured", "tiny only"),
        new("SmolTulu", "Higher Learning Rate to Batch Size Ratios Can Lead to Better Reasoning in SLMs", "octavo train", "fine-tuning", "released layout matched"),
    ];
}
