namespace Octavo.Core.Tokenizers.Inputs;

/// <summary>Puts the tokens of one or two texts together: cuts, adds what stands around them, fills up.</summary>
internal static class InputBuilder
{
    /// <summary>Makes an input.</summary>
    /// <param name="first">The first text's tokens.</param>
    /// <param name="second">The second text's, or null.</param>
    /// <param name="layout">What stands around them.</param>
    /// <param name="options">How to cut and whether to add.</param>
    /// <exception cref="ConfigException">The input cannot be cut as the options say.</exception>
    public static EncodedInput Build(IReadOnlyList<Token> first, IReadOnlyList<Token>? second, InputLayout layout,
        InputOptions options)
    {
        IReadOnlyList<Token>[] texts = second is null ? [first] : [first, second];
        var parts = second is null ? layout.Single : layout.Pair;
        if (!options.AddSpecial)
            parts = [.. parts.Where(part => part.Text >= 0)];
        var before = texts.Sum(text => text.Count);
        if (options.Truncation is { } truncation)
            texts = InputTruncation.Cut(texts, truncation, parts.Count(part => part.Text < 0));
        List<Token> tokens = [];
        List<int> types = [];
        List<int> owners = [];
        foreach (var part in parts)
        {
            var added = part.Text < 0 ? [new Token(part.Id, 0, 0)] : texts[part.Text];
            tokens.AddRange(added);
            types.AddRange(Enumerable.Repeat(part.TypeId, added.Count));
            owners.AddRange(Enumerable.Repeat(part.Text, added.Count));
        }
        var mask = new int[tokens.Count];
        Array.Fill(mask, 1);
        return new EncodedInput([.. tokens], [.. types], mask, [.. owners], before - texts.Sum(text => text.Count));
    }

    /// <summary>Fills inputs up to one length.</summary>
    /// <exception cref="ConfigException">The length is no multiple of anything.</exception>
    public static EncodedInput[] Pad(IReadOnlyList<EncodedInput> inputs, Padding padding)
    {
        if (padding.MultipleOf < 1)
            throw new ConfigException($"Padding to a multiple of {padding.MultipleOf} is not possible; give 1 or more.");
        var length = padding.Length ?? inputs.Max(input => input.Ids.Length);
        length = (length + padding.MultipleOf - 1) / padding.MultipleOf * padding.MultipleOf;
        return [.. inputs.Select(input => Pad(input, length, padding))];
    }

    private static EncodedInput Pad(EncodedInput input, int length, Padding padding)
    {
        var missing = length - input.Ids.Length;
        if (missing <= 0)
            return input;
        return new EncodedInput(
            Filled([.. input.Tokens], new Token(padding.Id, 0, 0), missing, padding.AtStart),
            Filled(input.TypeIds, padding.TypeId, missing, padding.AtStart),
            Filled(input.AttentionMask, 0, missing, padding.AtStart),
            Filled(input.Texts, -1, missing, padding.AtStart),
            input.CutTokens);
    }

    private static T[] Filled<T>(ReadOnlySpan<T> items, T fill, int missing, bool atStart)
    {
        var filled = new T[items.Length + missing];
        Array.Fill(filled, fill);
        items.CopyTo(filled.AsSpan(atStart ? missing : 0));
        return filled;
    }
}
