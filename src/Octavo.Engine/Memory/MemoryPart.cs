namespace Octavo.Engine;

/// <summary>What memory is used for.</summary>
public enum MemoryUse
{
    /// <summary>Quantized weights, packed when the model is loaded.</summary>
    PackedWeights,
    /// <summary>Weights that are used where the file is mapped.</summary>
    MappedWeights,
    /// <summary>The file's weights, read into memory because mapping was turned off.</summary>
    ReadWeights,
    /// <summary>Norms, biases and rows that are copied when the model is loaded.</summary>
    CopiedWeights,
    /// <summary>Rows of embedding tables that tokens read where the file is mapped.</summary>
    Embedding,
    /// <summary>Pages of keys and values, and the tables of sequences.</summary>
    Cache,
    /// <summary>Rows that are being computed, and the scratch of threads.</summary>
    Activations,
    /// <summary>Logits, and what sampling needs for each token of the vocabulary.</summary>
    Logits,
    /// <summary>The vocabulary and its merges.</summary>
    Tokenizer,
    /// <summary>The .NET runtime, its libraries and compiled code, and this program.</summary>
    Runtime,
    /// <summary>What lies in memory while the model is loaded, beyond what running it takes.</summary>
    Loading,
}

/// <summary>A part of the memory that a model takes.</summary>
/// <param name="Use">What for.</param>
/// <param name="Bytes">How many bytes are resident at most.</param>
/// <param name="IsMapped">Whether they are pages of a file, which the system may drop and read again.</param>
public sealed record MemoryPart(MemoryUse Use, long Bytes, bool IsMapped = false);
