namespace Octavo.Core.Tokenizers;

/// <summary>Which spaces at the beginning of a decoded text were put there by encoding and are taken off again.</summary>
internal enum FirstSpaces
{
    /// <summary>None.</summary>
    Keep,

    /// <summary>One.</summary>
    DropOne,

    /// <summary>One of each token, as long as nothing else has come.</summary>
    DropEach,
}
