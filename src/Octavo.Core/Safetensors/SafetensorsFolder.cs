namespace Octavo.Core.Safetensors;

/// <summary>Finds the checkpoint in a folder.</summary>
internal static class SafetensorsFolder
{
    public const string IndexSuffix = ".safetensors.index.json";
    public const string FileSuffix = ".safetensors";
    public const string Standard = "model";

    /// <summary>The index or the single file of a folder.</summary>
    /// <exception cref="CheckpointException">There is none, or more than one and none carries the standard name.</exception>
    public static string Find(string folder)
    {
        var names = NamesIn(folder);
        var indexes = names.Where(n => n.EndsWith(IndexSuffix, StringComparison.Ordinal)).ToList();
        var files = names.Where(n => n.EndsWith(FileSuffix, StringComparison.Ordinal)).ToList();
        var (candidates, suffix) = indexes.Count > 0 ? (indexes, IndexSuffix) : (files, FileSuffix);
        if (candidates.Count == 0)
            throw new CheckpointException($"{folder}: the folder holds no *{FileSuffix}, no *{IndexSuffix} and no pytorch_model.bin. "
                + "Is it the right folder?");
        var chosen = candidates.Count == 1 ? candidates[0] : candidates.Find(n => n == Standard + suffix);
        if (chosen is null)
            throw new CheckpointException(
                $"{folder}: the folder holds {candidates.Count} checkpoints ({string.Join(", ", candidates.Take(8))}). "
                + "Open one of them by its path.");
        var twin = chosen[..^suffix.Length] + FileSuffix;
        if (suffix == IndexSuffix && files.Contains(twin))
            throw new CheckpointException($"{folder}: the folder holds both {chosen} and {twin}. Open one of them by its path.");
        return Path.Combine(folder, chosen);
    }

    private static List<string> NamesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{folder}: the folder cannot be listed: {error.Message}", error);
        }
    }
}
