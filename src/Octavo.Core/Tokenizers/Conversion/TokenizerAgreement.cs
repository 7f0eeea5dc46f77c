using System.Globalization;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Finds where a tokenizer that was written differs from the one that it was made of.</summary>
/// <param name="source">What it was made of.</param>
/// <param name="written">What a reader makes of what was written.</param>
internal sealed class TokenizerAgreement(VocabularyTokenizer source, VocabularyTokenizer written)
{
    private const int LongestShown = 60;
    private const int MostIdsShown = 12;

    /// <summary>The first difference over texts, for messages; null: none.</summary>
    public string? Compare(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (Compare(text) is { } difference)
                return difference;
        }
        return null;
    }

    /// <summary>How many of the texts come before the first difference.</summary>
    public int Count(IEnumerable<string> texts) => texts.TakeWhile(text => Compare(text) is null).Count();

    /// <summary>The first piece that is spelt otherwise, for messages; null: none.</summary>
    public string? ComparePieces()
    {
        for (var id = 0; id < source.VocabularySize; id++)
        {
            // What fills the vocabulary up need not be there.
            if (source.Vocabulary.Kind(id) is TokenKind.None or TokenKind.Unused)
                continue;
            var (piece, its) = (source.Piece(id), id < written.VocabularySize ? written.Piece(id) : null);
            if (piece != its)
                return $"token {id} is '{piece}' here and '{its}' there";
        }
        return null;
    }

    /// <summary>Which of the tokens that begin and end texts is another one, for messages; null: none. What the source does not name may be named.</summary>
    public string? CompareEnds()
    {
        if (source.BosId is { } bos && written.BosId != bos)
            return $"the token that begins a text is {bos} here and {Shown(written.BosId)} there";
        return source.EosId is { } eos && written.EosId != eos ? $"the token that ends a text is {eos} here and {Shown(written.EosId)} there" : null;
    }

    /// <summary>The first difference over pairs of texts, for messages; null: none.</summary>
    public string? ComparePairs()
    {
        var options = new InputOptions();
        var (mine, its) = (source.EncodeInput("a b", "c d", options), written.EncodeInput("a b", "c d", options));
        return mine.Ids.SequenceEqual(its.Ids) && mine.TypeIds.SequenceEqual(its.TypeIds)
            ? null
            : "a pair of texts has other tokens around it, or other types";
    }

    private string? Compare(string text)
    {
        foreach (var (special, parse) in (ReadOnlySpan<(bool, bool)>)[(false, true), (true, true), (false, false)])
        {
            var (mine, its) = (Ids(source, text, special, parse), Ids(written, text, special, parse));
            if (!(mine is null ? its is null : its is not null && mine.AsSpan().SequenceEqual(its)))
                return $"the text {Quoted(text)}{How(special, parse)} has the ids {Shown(mine)} here and {Shown(its)} there";
            foreach (var skip in (ReadOnlySpan<bool>)[true, false])
            {
                if (mine is not null && source.Decode(mine, skip) is var decoded && written.Decode(mine, skip) is var other && decoded != other)
                    return $"the ids {Shown(mine)} of the text {Quoted(text)} decode to {Quoted(decoded)} here and {Quoted(other)} there";
            }
        }
        return null;
    }

    private static string How(bool special, bool parse) =>
        (special ? " with the tokens around it" : "") + (parse ? "" : " with special tokens as plain text");

    // Null for a text that the tokenizer refuses.
    private static int[]? Ids(VocabularyTokenizer tokenizer, string text, bool special, bool parse)
    {
        try
        {
            return [.. tokenizer.Encode(text, special, parse).Select(token => token.Id)];
        }
        catch (InputFileException)
        {
            return null;
        }
    }

    private static string Quoted(string text)
    {
        var shown = string.Concat(text.EnumerateRunes().Take(LongestShown).Select(rune =>
            rune.Value is < ' ' or 0x7F || rune.Value > 0x7F && !System.Text.Rune.IsLetterOrDigit(rune) && !System.Text.Rune.IsPunctuation(rune)
                ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}")
                : rune.ToString()));
        return $"'{shown}{(text.EnumerateRunes().Count() > LongestShown ? "…" : "")}'";
    }

    private static string Shown(int? id) => id is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known}") : "none";

    private static string Shown(int[]? ids) =>
        ids is null ? "none (it is refused)" : $"[{string.Join(", ", ids.Take(MostIdsShown))}{(ids.Length > MostIdsShown ? ", …" : "")}]";
}
