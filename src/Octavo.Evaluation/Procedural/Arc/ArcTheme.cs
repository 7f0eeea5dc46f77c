namespace Octavo.Evaluation.Procedural.Arc;

/// <summary>
/// A small world in which something is of a kind, a kind has a feature, and a feature has a consequence. Sentences have the slots
/// <c>{a}</c> and <c>{b}</c>; a question asks which thing has the last link's <c>{b}</c>.
/// </summary>
/// <param name="Name">What the world is about.</param>
/// <param name="Things">What is chosen from.</param>
/// <param name="Kinds">Kinds of things.</param>
/// <param name="Features">What kinds have.</param>
/// <param name="Ends">What follows from a feature.</param>
/// <param name="IsKind">Links a thing and its kind.</param>
/// <param name="HasFeature">Links a kind and its feature.</param>
/// <param name="Leads">Links a feature and its consequence.</param>
/// <param name="AskFeature">Asks over two links.</param>
/// <param name="AskEnd">Asks over three links.</param>
internal sealed record ArcTheme(
    string Name,
    string[] Things,
    string[] Kinds,
    string[] Features,
    string[] Ends,
    string IsKind,
    string HasFeature,
    string Leads,
    string AskFeature,
    string AskEnd)
{
    /// <summary>The sentences that state links.</summary>
    public IReadOnlyList<string> Links => [IsKind, HasFeature, Leads];
}
