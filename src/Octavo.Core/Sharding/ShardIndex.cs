using System.Text.Json;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;

namespace Octavo.Core.Sharding;

/// <summary>A <c>*.safetensors.index.json</c> or <c>*.bin.index.json</c>: which shard holds which tensor.</summary>
/// <param name="Path">The index file.</param>
/// <param name="Shards">The shards' plain names, sorted.</param>
/// <param name="ShardOf">The shard of each tensor.</param>
internal sealed record ShardIndex(string Path, IReadOnlyList<string> Shards, IReadOnlyDictionary<string, string> ShardOf)
{
    public const int MaxShards = 10_000;
    private const string MapKey = "weight_map";

    /// <summary>Reads and checks an index; no shard is opened.</summary>
    /// <param name="path">The index.</param>
    /// <param name="suffix">The ending that every shard's name must have.</param>
    public static ShardIndex Read(string path, string suffix)
    {
        using var file = FileMemory.Open(path, memoryMap: true);
        if (file.Length > SafetensorsHeaderReader.MaxHeaderBytes)
            throw JsonCursor.Refusal(path, 0, $"the index has {file.Length} bytes; "
                + $"at most {SafetensorsHeaderReader.MaxHeaderBytes} are allowed");
        if (file.Length == 0)
            throw JsonCursor.Refusal(path, 0, "the index is empty");
        var json = new JsonCursor(path, file.Bytes(0, (int)file.Length), 0);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string, string>? map = null;
        json.Next(JsonTokenType.StartObject, "the index");
        for (json.Next(); json.Token != JsonTokenType.EndObject; json.Next())
        {
            var key = json.Text("a key");
            if (!keys.Add(key))
                throw json.Bad($"the key '{key}' stands twice");
            if (key == MapKey)
                map = ReadMap(ref json, suffix);
            else
                json.SkipNext();
        }
        json.End();
        if (map is null || map.Count == 0)
            throw JsonCursor.Refusal(path, 0, $"the index has no '{MapKey}' or an empty one");
        return new ShardIndex(path, Sorted(path, map), map);
    }

    /// <summary>Opens every shard and checks that each holds the tensors that the index places in it, and no other.</summary>
    /// <param name="addFile">Opens a shard and tells the names of its tensors; a name of an earlier shard is its to refuse.</param>
    public void Load(Func<string, IEnumerable<string>> addFile)
    {
        // Every shard is looked for before the first is opened.
        var files = Shards.Select(FileOf).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            if (!File.Exists(files[i]))
                throw new CheckpointException($"{Path}: the shard '{Shards[i]}' is missing. Get it, or get the checkpoint again.");
        }
        var held = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++)
        {
            foreach (var name in addFile(files[i]))
            {
                if (!ShardOf.TryGetValue(name, out var shard))
                    throw new CheckpointException($"{files[i]}: the shard holds the tensor '{name}', which the index "
                        + $"{Path} does not name. Write the index again.");
                if (shard != Shards[i])
                    throw new CheckpointException($"{files[i]}: the shard holds the tensor '{name}', which the index "
                        + $"{Path} places in '{shard}'. Write the index again.");
                held.Add(name);
            }
        }
        foreach (var (name, shard) in ShardOf)
        {
            if (!held.Contains(name))
                throw new CheckpointException($"{Path}: the index places the tensor '{name}' in '{shard}', which does not hold it. "
                    + "Get that shard again.");
        }
    }

    /// <summary>The file of a shard, which must lie in the index's folder or in the blobs of its snapshot, links followed.</summary>
    private string FileOf(string shard)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        var file = System.IO.Path.Combine(folder, shard);
        var home = FinalPath.Of(folder);
        var final = FinalPath.Of(file);
        if (FinalPath.IsInside(final, home))
            return file;
        // The hub's cache: REPO/snapshots/REVISION/SHARD links to REPO/blobs/DIGEST.
        var snapshots = System.IO.Path.GetDirectoryName(home);
        if (snapshots is not null && System.IO.Path.GetFileName(snapshots) == "snapshots"
            && FinalPath.IsInside(final, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(snapshots)!, "blobs")))
            return file;
        throw new CheckpointException($"{Path}: the shard '{shard}' is a link that leads out of the folder, to {final}. "
            + "Shards must lie beside the index; copy the file there.");
    }

    private static Dictionary<string, string> ReadMap(ref JsonCursor json, string suffix)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        json.Next(JsonTokenType.StartObject, MapKey);
        for (json.Next(); json.Token != JsonTokenType.EndObject; json.Next())
        {
            var at = json.At;
            var name = json.Text("a tensor's name");
            json.Subject = name;
            json.Next(JsonTokenType.String, "a shard's name");
            var shard = json.Text("a shard's name");
            if (!ShardName.IsPlain(shard, suffix))
                throw json.Bad($"the shard name '{Printable(shard)}' is no plain file name; "
                    + $"letters, digits, '.', '_' and '-', then {suffix} are allowed");
            if (!map.TryAdd(name, shard))
                throw json.Bad(at, $"the tensor '{name}' stands twice");
            if (map.Count > SafetensorsHeaderReader.MaxTensors)
                throw json.Bad(at, $"there are more than {SafetensorsHeaderReader.MaxTensors} tensors");
            json.Subject = "";
        }
        return map;
    }

    private static List<string> Sorted(string path, Dictionary<string, string> map)
    {
        var shards = map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (shards.Count > MaxShards)
            throw JsonCursor.Refusal(path, 0, $"the index names {shards.Count} shards; at most {MaxShards} are allowed");
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var shard in shards)
        {
            if (!seen.TryAdd(shard, shard))
                throw JsonCursor.Refusal(path, 0,
                    $"the shards '{seen[shard]}' and '{shard}' differ in case only and are one file on some systems");
        }
        return shards;
    }

    private static string Printable(string name) =>
        string.Concat(name.Take(80).Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
