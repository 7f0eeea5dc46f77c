namespace Octavo.Core.TorchPickle;

/// <summary>Finds torch's checkpoint in a folder of the hub's layout: only the standard names, for other <c>.bin</c> files are no weights.</summary>
internal static class TorchFolder
{
    public const string FileSuffix = ".bin";
    public const string IndexSuffix = ".bin.index.json";
    private const string Standard = "pytorch_model";

    /// <summary>Whether a folder holds one.</summary>
    public static bool Holds(string folder) => File.Exists(Single(folder)) || File.Exists(Index(folder));

    /// <summary>The index or the single file of a folder.</summary>
    /// <exception cref="CheckpointException">There is none, or both are there.</exception>
    public static string Find(string folder)
    {
        var (single, index) = (File.Exists(Single(folder)), File.Exists(Index(folder)));
        if (single && index)
            throw new CheckpointException($"{folder}: the folder holds both {Standard}{IndexSuffix} and {Standard}{FileSuffix}. Open one of them by its path.");
        if (!single && !index)
            throw new CheckpointException($"{folder}: the folder holds no {Standard}{FileSuffix} and no {Standard}{IndexSuffix}. Is it the right folder?");
        return single ? Single(folder) : Index(folder);
    }

    private static string Single(string folder) => Path.Combine(folder, Standard + FileSuffix);

    private static string Index(string folder) => Path.Combine(folder, Standard + IndexSuffix);
}
