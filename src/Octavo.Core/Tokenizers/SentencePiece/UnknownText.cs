using System.Text;
using Octavo.Core.Tokenizers.Models;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>What becomes of text without a piece.</summary>
internal static class UnknownText
{
    /// <summary>Adds the bytes of a stretch, where all of them have tokens.</summary>
    public static bool TryAddBytes(ReadOnlySpan<char> word, int start, int end, SentencePieceModel model, List<WordToken> tokens)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(word[start..end], bytes)];
        foreach (var value in bytes)
        {
            if (model.ByteIds[value] < 0)
                return false;
        }
        foreach (var value in bytes)
            tokens.Add(new WordToken(model.ByteIds[value], start, end));
        return true;
    }

    /// <summary>Adds the unknown token, or lengthens the one before: neighbouring unknown characters are one.</summary>
    public static void Add(int start, int end, SentencePieceModel model, bool afterUnknown, List<WordToken> tokens)
    {
        if (afterUnknown)
            tokens[^1] = tokens[^1] with { End = end };
        else
            tokens.Add(new WordToken(model.Unknown, start, end));
    }
}
