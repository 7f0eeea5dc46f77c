using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>What stands before the data of one safetensors file, checked against the file's length.</summary>
internal sealed record SafetensorsHeader(long DataOffset, Dictionary<string, string> Metadata, List<SafetensorsEntry> Tensors);

/// <summary>One tensor's entry.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Slowest dimension first.</param>
/// <param name="Begin">The first byte, counted from the data section.</param>
/// <param name="End">The byte after the last.</param>
/// <param name="At">Where the entry stands in the file, for messages.</param>
internal readonly record struct SafetensorsEntry(string Name, TensorType Type, long[] Shape, long Begin, long End, long At);
