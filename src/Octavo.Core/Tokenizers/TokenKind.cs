namespace Octavo.Core.Tokenizers;

/// <summary>What a vocabulary entry is; the numbers are those of <c>tokenizer.ggml.token_type</c>.</summary>
internal enum TokenKind : byte
{
    /// <summary>A number without an entry.</summary>
    None = 0,

    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for text that the vocabulary cannot spell.</summary>
    Unknown = 2,

    /// <summary>A special token, which carries no text of its own.</summary>
    Control = 3,

    /// <summary>A text that is one token wherever it stands.</summary>
    UserDefined = 4,

    /// <summary>Fills the vocabulary up; never comes from text and never gives any.</summary>
    Unused = 5,

    /// <summary>One byte, spelt &lt;0xNN&gt;.</summary>
    Byte = 6,
}
