using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Safetensors;
using Octavo.Core.Sharding;
using Octavo.Core.Store;

namespace Octavo.Models.Conversion;

/// <summary>Writes a planned checkpoint aside, has it checked there, and gives it its name when it is whole and right.</summary>
internal static class ModelWriter
{
    /// <summary>Writes a GGUF file.</summary>
    /// <param name="source">What is converted.</param>
    /// <param name="plan">How.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="how">Whether to overwrite, whom to tell, what to check.</param>
    public static IReadOnlyList<string> Gguf(Checkpoint source, ModelConversion plan, string path, WriteOptions how)
    {
        if (Directory.Exists(path))
            throw new ConfigException($"{path}: there is a folder of that name. Choose another name for the file.");
        if (!how.Overwrite && File.Exists(path))
            throw Exists(path);
        CheckPlace(source, path);
        var keys = new Dictionary<string, object>(plan.AllKeys, StringComparer.Ordinal);
        List<string> notes = [.. GgufExtras.Add(source, keys)];
        var place = IncompleteFile.PlaceOf(path);
        // a name of this process alone, so that nothing of anybody else's is ever in the way or removed
        var aside = $"{place}.{Guid.NewGuid():N}.incomplete.gguf";
        try
        {
            GgufWriter.Write(aside, Ordered(keys), plan.OutgoingTensors(how.Progress, how.MaxThreads, how.CancellationToken));
            how.Check?.Invoke(aside);
            Rename(() => File.Move(aside, place, how.Overwrite), path);
        }
        finally
        {
            File.Delete(aside);
        }
        return notes;
    }

    /// <summary>Writes a folder in the hub's layout.</summary>
    /// <inheritdoc cref="Gguf"/>
    public static IReadOnlyList<string> Hub(Checkpoint source, ModelConversion plan, string path, WriteOptions how)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var isThere = Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();
        if (File.Exists(folder))
            throw new ConfigException($"{path}: there is a file of that name. Choose another name for the folder.");
        if (isThere && !how.Overwrite)
            throw Exists(path);
        if (folder == Directory.GetCurrentDirectory())
            throw new ConfigException($"{path}: is the current folder, which cannot be replaced. Run the command from another one.");
        if (isThere)
            HubFiles.RefuseForeign(folder);
        CheckPlace(source, folder);
        List<string> notes = [];
        using var made = new IncompleteFolder(path);
        made.Write(aside => notes.AddRange(HubFiles.Write(source, plan.AllConfig, aside)));
        SafetensorsWriter.WriteFolder(
            made.Aside, plan.OutgoingTensors(how.Progress, how.MaxThreads, how.CancellationToken), new Dictionary<string, string> { ["format"] = "pt" });
        how.Check?.Invoke(made.Aside);
        made.Keep(how.Overwrite, notes.Add);
        return notes;
    }

    private static void CheckPlace(Checkpoint source, string destination)
    {
        var to = FinalPath.Of(Path.TrimEndingDirectorySeparator(destination));
        foreach (var file in FilesOf(source))
        {
            var from = FinalPath.Of(file);
            if (from == to || FinalPath.IsInside(from, to))
                throw new ConfigException($"{destination}: the destination is where {source.Path} lies. Choose another place.");
        }
        if (Directory.Exists(source.Path) && FinalPath.IsInside(to, FinalPath.Of(source.Path)))
            throw new ConfigException($"{destination}: the destination lies in {source.Path}, where the source is. Choose another place.");
    }

    private static IEnumerable<string> FilesOf(Checkpoint source) => source.Weights switch
    {
        GgufFile gguf => gguf.Parts.Select(part => part.Path),
        _ when Directory.Exists(source.Path) => [source.Path, .. Directory.EnumerateFiles(source.Path)],
        _ => [source.Path],
    };

    private static void Rename(Action step, string path)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new ConfigException($"{path}: cannot be written: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new ResourceException($"{path}: writing stopped: {error.Message} What was there is still there.", error);
        }
    }

    // general keys first, then the architecture's, then the tokenizer's
    private static Dictionary<string, object> Ordered(Dictionary<string, object> keys) => keys
        .OrderBy(pair => pair.Key.StartsWith("general.", StringComparison.Ordinal) ? 0 : pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal) ? 2 : 1)
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    internal static ConfigException Exists(string path) =>
        new($"{path}: there is something already. Choose another place, or have it overwritten (--overwrite on the command line).");
}
