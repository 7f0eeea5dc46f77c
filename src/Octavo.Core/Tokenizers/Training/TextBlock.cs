namespace Octavo.Core.Tokenizers.Training;

/// <summary>Some texts as UTF-8, one behind another: what is counted at a time.</summary>
/// <param name="Bytes">The texts.</param>
/// <param name="Ends">Where each of them ends, in bytes.</param>
internal sealed record TextBlock(byte[] Bytes, int[] Ends);
