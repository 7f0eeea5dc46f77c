using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>What stands before the data of one GGUF file, checked against the file's length.</summary>
internal sealed record GgufHeader(
    uint Version, int Alignment, long DataOffset, Dictionary<string, object> Metadata, List<GgufTensorEntry> Tensors);

/// <summary>One tensor's entry.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Slowest dimension first (the file has the reverse).</param>
/// <param name="At">Where the entry begins in the file, for messages.</param>
/// <param name="Offset">Where the data begin, counted from the data section.</param>
/// <param name="Bytes">How many bytes the data take.</param>
internal sealed record GgufTensorEntry(string Name, TensorType Type, long[] Shape, long At, ulong Offset, long Bytes);
