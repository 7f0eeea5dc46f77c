using Octavo.Models;

namespace Octavo.Engine.Memory;

/// <summary>About what a tokenizer takes, from the length of its lists: measured per entry, without reading it.</summary>
internal static class TokenizerMemory
{
    private const long EntryBytes = 60;
    private const long MergeBytes = 60;

    // tokenizer.json is parsed as a whole, which takes more than what stays
    private const int ParsedPerByte = 8;
    private const long ParsedPerEntry = 600;

    /// <summary>A checkpoint's tokenizer; 0 where it has none.</summary>
    public static long Of(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is { } metadata)
            return (EntryBytes * Length(metadata.Values, "tokenizer.ggml.tokens")) + (MergeBytes * Length(metadata.Values, "tokenizer.ggml.merges"));
        var folder = Directory.Exists(checkpoint.Path) ? checkpoint.Path : Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!;
        return new FileInfo(Path.Combine(folder, "tokenizer.json")) is { Exists: true } file ? ParsedPerByte * file.Length
            : Directory.EnumerateFiles(folder, "*.model").Any() ? Of(checkpoint.Model.VocabularySize)
            : 0;
    }

    /// <summary>A tokenizer of so many entries, of whose form nothing is known.</summary>
    public static long Of(int vocabularySize) => vocabularySize * ParsedPerEntry;

    private static long Length(IReadOnlyDictionary<string, object> values, string key) =>
        values.TryGetValue(key, out var value) && value is Array array ? array.Length : 0;
}
