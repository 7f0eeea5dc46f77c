using System.Text.RegularExpressions;
using Octavo.Core.TorchPickle;

namespace Octavo.Core.Store;

/// <summary>
/// Finds models by path or by id in the places of this machine: the installation's <c>models/</c>, the folders of
/// <c>OCTAVO_MODELS</c>, the public hub's cache. It never uses the network.
/// </summary>
public sealed partial class ModelStore
{
    private readonly IReadOnlyList<string> _folders;
    private readonly HubCache? _hub;

    /// <summary>A store over given places.</summary>
    /// <param name="folders">Folders that hold models, in the order in which they are searched; those that do not exist are passed over.</param>
    /// <param name="hubCache">The hub cache's folder (the one with <c>models--org--name</c> in it), or null.</param>
    public ModelStore(IReadOnlyList<string> folders, string? hubCache)
    {
        _folders = [.. folders.Select(Path.GetFullPath)];
        _hub = hubCache is null ? null : new HubCache(Path.GetFullPath(hubCache));
    }

    /// <summary>
    /// The store of an installation: its <c>models/</c>, <c>OCTAVO_MODELS</c>, and <c>HF_HOME</c> (in the user's cache folder where unset).
    /// </summary>
    /// <param name="installationRoot">The installation's folder.</param>
    public static ModelStore FromEnvironment(string installationRoot)
    {
        var listed = Environment.GetEnvironmentVariable("OCTAVO_MODELS") ?? "";
        var home = Environment.GetEnvironmentVariable("HF_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface");
        var folders = listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new ModelStore([Path.Combine(installationRoot, "models"), .. folders], Path.Combine(home, "hub"));
    }

    /// <summary>Where ids are looked for, in order.</summary>
    public IReadOnlyList<string> Places => _hub is null ? _folders : [.. _folders, _hub.Root];

    /// <summary>Finds a model: an existing file or folder, else an id (<c>name</c> or <c>owner/name</c>, in any case).</summary>
    /// <param name="model">Path or id.</param>
    /// <returns>A folder, or a model file (of a split one the first part).</returns>
    /// <exception cref="ConfigException">Nothing, or more than one model, has that name; the message lists the places or the models.</exception>
    public string Resolve(string model)
    {
        if (File.Exists(model))
            return model;
        if (Directory.Exists(model))
            return ModelFolder.Pick(model);
        if (!IsId(model))
        {
            throw new ConfigException($"'{Shown(model)}' is neither a file or folder that exists nor a model's id "
                + "(letters, digits, '.', '_', '-', at most one '/').");
        }
        var segments = model.Split('/');
        foreach (var root in _folders.Where(Directory.Exists))
        {
            if (InFolder(root, segments) is { } found)
                return Inside(root, found);
        }
        if (_hub?.Find(segments) is { } snapshot)
            return Inside(_hub.Root, ModelFolder.Pick(snapshot));
        throw new ConfigException(
            $"The model '{model}' was not found. Looked for a file or folder of that name, then in:\n  {string.Join("\n  ", Places)}\n"
            + "`octavo pull` does not exist yet: download the model by hand into one of these folders, or give the path of its folder or .gguf file.");
    }

    /// <summary>All models of all places, in the order in which they would be found.</summary>
    public IReadOnlyList<StoredModel> List()
    {
        List<StoredModel> models = [];
        foreach (var root in _folders.Where(Directory.Exists))
        {
            models.AddRange(ModelFolder.GgufFiles(root).Select(file => Describe(ModelFolder.Stem(file), file, root)));
            foreach (var folder in Folders(root))
            {
                var name = Path.GetFileName(folder);
                models.AddRange(Contents(folder, name, root));
                models.AddRange(Folders(folder).SelectMany(inner => Contents(inner, $"{name}/{Path.GetFileName(inner)}", root)));
            }
        }
        if (_hub is not null)
            models.AddRange(_hub.All().SelectMany(entry => Contents(entry.Snapshot, entry.Id, _hub.Root)));
        return models;
    }

    internal static bool IsId(string text) => text.Length <= 200 && !text.Contains("..", StringComparison.Ordinal) && Id().IsMatch(text);

    // models/owner/name, then anything in models/ that has the last part as its name
    private static string? InFolder(string root, string[] segments)
    {
        if (segments.Length == 2)
        {
            var owner = Folders(root)
                .Where(folder => Same(Path.GetFileName(folder), segments[0]))
                .Select(folder => Match(folder, segments[1]))
                .FirstOrDefault(found => found is not null);
            if (owner is not null)
                return owner;
        }
        return Match(root, segments[^1]);
    }

    private static string? Match(string folder, string name)
    {
        List<string> found =
        [
            .. Folders(folder).Where(inner => Same(Path.GetFileName(inner), name)),
            .. ModelFolder.GgufFiles(folder)
                .Where(file => Same(Path.GetFileName(file), name) || Same(ModelFolder.Stem(file), name)),
        ];
        var exact = found.Where(path => Path.GetFileName(path) == name || ModelFolder.Stem(path) == name).ToList();
        var best = exact.Count > 0 ? exact : found;
        return best.Count switch
        {
            0 => null,
            1 => Directory.Exists(best[0]) ? ModelFolder.Pick(best[0]) : best[0],
            _ => throw new ConfigException($"'{name}' may mean {best.Count} models; give one of the paths:\n  {string.Join("\n  ", best)}"),
        };
    }

    private static IEnumerable<StoredModel> Contents(string folder, string id, string place)
    {
        var files = ModelFolder.GgufFiles(folder);
        var isHub = File.Exists(Path.Combine(folder, "config.json"))
            && (ModelFolder.HoldsSafetensors(folder) || (files.Count == 0 && TorchFolder.Holds(folder)));
        if (isHub)
            return [new StoredModel(id, folder, place, HubWeights.FilesIn(folder).Sum(Length))];
        return files.Select(file => Describe(files.Count == 1 ? id : $"{id}/{ModelFolder.Stem(file)}", file, place));
    }

    private static StoredModel Describe(string id, string file, string place)
    {
        var parts = Directory.EnumerateFiles(Path.GetDirectoryName(file)!).Where(part => part.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase));
        return new StoredModel(id, file, place, parts.Where(part => ModelFolder.Stem(part) == ModelFolder.Stem(file)).Sum(Length));
    }

    private static long Length(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true) is FileInfo target ? target.Length : new FileInfo(path).Length;

    private static IEnumerable<string> Folders(string root) => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Inside(string root, string path) =>
        Path.GetFullPath(path).StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ConfigException($"'{path}' lies outside {root}; give its path instead of an id.");

    private static string Shown(string text) =>
        new([.. text.Take(100).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)]);

    [GeneratedRegex(@"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?\z")]
    private static partial Regex Id();
}
