namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>What byte-level byte-pair encoding needs beside the vocabulary.</summary>
internal sealed class BpeModel
{
    /// <summary>Finds the pieces of single bytes.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="ignoreMerges">Whether a word that is a piece as it stands is taken whole.</param>
    /// <param name="unknown">The token for bytes that have no piece; without one they give none.</param>
    /// <param name="fuseUnknown">Whether neighbouring unknown bytes are one token.</param>
    public BpeModel(Vocabulary vocabulary, MergeTable merges, bool ignoreMerges = false, int? unknown = null,
        bool fuseUnknown = false)
    {
        Merges = merges;
        IgnoreMerges = ignoreMerges;
        Unknown = unknown ?? -1;
        FuseUnknown = fuseUnknown;
        ByteIds = new int[256];
        for (var value = 0; value < ByteIds.Length; value++)
            ByteIds[value] = vocabulary.TextId([ByteAlphabet.Letter((byte)value)]);
    }

    /// <summary>The piece of each byte, or -1 where the vocabulary has none.</summary>
    public int[] ByteIds { get; }

    public MergeTable Merges { get; }

    public bool IgnoreMerges { get; }

    /// <summary>The token for bytes without a piece, or -1.</summary>
    public int Unknown { get; }

    public bool FuseUnknown { get; }
}
