namespace Octavo.Core.Tokenizers;

/// <summary>A token that is recognised in the text before anything else.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">The text.</param>
/// <param name="Special">Whether it is a special token: recognised only where the caller wants special tokens parsed.</param>
internal sealed record AddedToken(int Id, string Content, bool Special)
{
    /// <summary>Takes the white space before it along.</summary>
    public bool LStrip { get; init; }

    /// <summary>Takes the white space after it along.</summary>
    public bool RStrip { get; init; }

    /// <summary>Only where no word goes on at either end.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Looked for in the normalized text, not in the text as it came.</summary>
    public bool Normalized { get; init; }
}
