namespace Octavo.Core.Gguf;

/// <summary>One file of a GGUF checkpoint.</summary>
/// <param name="Path">The file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="FormatVersion">GGUF's version in its head: 2 or 3.</param>
/// <param name="Alignment">The alignment of its tensors in bytes.</param>
/// <param name="DataOffset">The byte at which its data section begins.</param>
/// <param name="TensorCount">How many tensors it holds; the first part of a split file may hold none.</param>
public sealed record GgufPart(string Path, long Length, int FormatVersion, int Alignment, long DataOffset, int TensorCount);
