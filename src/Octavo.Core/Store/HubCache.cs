namespace Octavo.Core.Store;

/// <summary>The public hub's cache on disk: <c>models--owner--name/refs/main</c> names a folder under <c>snapshots</c>.</summary>
internal sealed class HubCache(string root)
{
    private const string Prefix = "models--";
    private const int MaxReference = 200;

    public string Root => root;

    /// <summary>The snapshot that an id's main reference names, or null.</summary>
    public string? Find(string[] segments) => Snapshot(Path.Combine(root, Prefix + string.Join("--", segments)));

    public IEnumerable<(string Id, string Snapshot)> All()
    {
        if (!Directory.Exists(root))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*").Order(StringComparer.Ordinal))
        {
            if (Snapshot(folder) is { } snapshot)
                yield return (Path.GetFileName(folder)[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal), snapshot);
        }
    }

    private static string? Snapshot(string folder)
    {
        var reference = new FileInfo(Path.Combine(folder, "refs", "main"));
        if (!reference.Exists || reference.Length > MaxReference)
            return null;
        var revision = File.ReadAllText(reference.FullName).Trim();
        if (revision.Contains('/', StringComparison.Ordinal) || !ModelStore.IsId(revision))
            throw new ConfigException($"{reference.FullName} does not name a snapshot. Remove the folder and download the model again.");
        var snapshot = Path.Combine(folder, "snapshots", revision);
        return Directory.Exists(snapshot) ? snapshot : null;
    }
}
