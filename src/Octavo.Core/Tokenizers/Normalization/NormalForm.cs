namespace Octavo.Core.Tokenizers.Normalization;

/// <summary>Unicode's normal forms.</summary>
internal enum NormalForm
{
    /// <summary>Composed.</summary>
    C,

    /// <summary>Decomposed.</summary>
    D,

    /// <summary>Composed, with letters in place of their variants.</summary>
    KC,

    /// <summary>Decomposed, with letters in place of their variants.</summary>
    KD,
}
