namespace Octavo.Core.Tokenizers.Pipeline;

/// <summary>One code point of a rewritten text, with what it stands for in the text before.</summary>
/// <param name="Scalar">The code point.</param>
/// <param name="Delta">0: stands for the next one; 1: came in additionally; -n: stands for the next one and swallows n
/// more.</param>
internal readonly record struct TextChange(int Scalar, int Delta);
