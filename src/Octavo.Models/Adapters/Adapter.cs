using Octavo.Core;

namespace Octavo.Models.Adapters;

/// <summary>
/// A low-rank adapter in fp32: what fine-tuning adds to some of a model's matrices, kept apart from the model in a folder with PEFT's names.
/// Immutable.
/// </summary>
public sealed class Adapter
{
    /// <summary>Makes an adapter of trained numbers.</summary>
    /// <param name="config">What its configuration says.</param>
    /// <param name="modules">Its modules, each once.</param>
    /// <exception cref="ConfigException">There is none, one stands twice, or it does not fit the configuration.</exception>
    public Adapter(AdapterConfig config, IReadOnlyList<AdapterModule> modules)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(modules);
        if (modules.Count == 0)
            throw new ConfigException("An adapter without modules changes nothing; give at least one.");
        foreach (var module in modules)
        {
            if (module.Rank != config.RankOf(module.Name))
                throw new ConfigException($"{module.Name} has rank {module.Rank}; the configuration says {config.RankOf(module.Name)}.");
            if (config.Dora && module.Magnitude.IsEmpty)
                throw new ConfigException($"{module.Name} has no lora_magnitude_vector, which DoRA needs.");
            if (!config.Dora && !module.Magnitude.IsEmpty)
                throw new ConfigException($"{module.Name} has a lora_magnitude_vector, which only DoRA has.");
        }
        (Config, Modules) = (config, [.. modules.OrderBy(module => module.Name, StringComparer.Ordinal)]);
        if (Modules.Zip(Modules.Skip(1)).FirstOrDefault(pair => pair.First.Name == pair.Second.Name) is { First: { } twice })
            throw new ConfigException($"{twice.Name} stands twice in one adapter.");
    }

    /// <summary>What its configuration says.</summary>
    public AdapterConfig Config { get; }

    /// <summary>Its modules, by name.</summary>
    public IReadOnlyList<AdapterModule> Modules { get; }

    /// <summary>How many numbers it has.</summary>
    public long ParameterCount => Modules.Sum(module => (long)module.A.Length + module.B.Length + module.Magnitude.Length);

    /// <summary>Reads an adapter of a model.</summary>
    /// <param name="path">A folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>, or the latter file.</param>
    /// <param name="model">The description of the model that it is for.</param>
    /// <exception cref="CheckpointException">
    /// A file is bad, or tensors are missing, unexpected, mis-shaped or not finite: the message is a table of all of them.
    /// </exception>
    /// <exception cref="UnsupportedException">The configuration asks for what is not supported; the message names it.</exception>
    public static Adapter Load(string path, TextModel model)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        return AdapterReader.Read(path, model);
    }

    /// <summary>
    /// Writes the folder that PEFT would: <c>adapter_config.json</c>, <c>adapter_model.safetensors</c> in fp32 and a model card. It is made
    /// aside and takes its name when it is whole.
    /// </summary>
    /// <param name="folder">The folder to make.</param>
    /// <param name="overwrite">True replaces a folder that holds an adapter and nothing else.</param>
    /// <exception cref="ConfigException">There is something already, or the place cannot be written to.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public void Write(string folder, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        AdapterWriter.Write(this, folder, overwrite);
    }

    /// <summary>
    /// A sentence where the configuration names another base model than a checkpoint seems to be; null where it names none or the names agree.
    /// </summary>
    /// <param name="checkpoint">The model that the adapter is to be applied to.</param>
    public string? DoubtAbout(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (Config.BaseModel is not { } named || Plain(LastPart(named)) is not { Length: > 0 } wanted)
            return null;
        List<string> names = [.. Path.GetFullPath(checkpoint.Path).Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries)];
        foreach (var key in (string[])["general.name", "general.basename"])
        {
            if (checkpoint.Metadata?.TryGet<string>(key, out var name) == true)
                names.Add(name);
        }
        return names.Select(Plain).Any(name => name.Contains(wanted, StringComparison.Ordinal))
            ? null
            : $"The adapter says that it was made for '{named}'; {checkpoint.Path} does not seem to be that. All shapes fit, so it is applied.";
    }

    private static string LastPart(string name) => name.TrimEnd('/', '\\').Split('/', '\\')[^1];

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
