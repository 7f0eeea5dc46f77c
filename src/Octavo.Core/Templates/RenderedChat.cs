namespace Octavo.Core.Templates;

/// <summary>A rendered conversation, and what of it the assistant said.</summary>
/// <param name="Text">The text.</param>
/// <param name="Generations">The ranges that generation blocks wrote, in rising order and without overlap.</param>
public sealed record RenderedChat(string Text, IReadOnlyList<GenerationSpan> Generations);

/// <summary>A range of a rendered text, in UTF-16 units as .NET's strings count.</summary>
/// <param name="Start">The first place of the range.</param>
/// <param name="End">The place behind its last one.</param>
public readonly record struct GenerationSpan(int Start, int End);
