namespace Octavo.Evaluation.English;

/// <summary>The prose of one file.</summary>
/// <param name="Id">The file's path.</param>
/// <param name="Split">"train", "dev" or "test".</param>
/// <param name="Paragraphs">Each on one line.</param>
internal sealed record EnglishDocument(string Id, string Split, IReadOnlyList<string> Paragraphs)
{
    /// <summary>Its paragraphs with blank lines between them.</summary>
    public string Text => string.Join("\n\n", Paragraphs);
}
