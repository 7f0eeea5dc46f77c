namespace Octavo.Models.Adapters;

/// <summary>How PEFT names what it stores: the model is wrapped twice, and each module keeps its parts beside it.</summary>
internal static class AdapterNames
{
    public const string Config = "adapter_config.json";
    public const string Weights = "adapter_model.safetensors";
    public const string A = ".lora_A.weight";
    public const string B = ".lora_B.weight";
    // the one part without .weight
    public const string Magnitude = ".lora_magnitude_vector";

    private const string Wrapped = "base_model.model.";

    /// <summary>The folder that a path means: itself, or that of the file it names.</summary>
    public static string FolderOf(string path) => File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;

    /// <summary>What an adapter is called unless told otherwise: as its folder is.</summary>
    public static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(FolderOf(path))));

    public static string Tensor(string module, string part) => Wrapped + module + part;

    /// <summary>Takes a stored name apart; null where it is none of a low-rank adapter.</summary>
    public static (string Module, string Part)? Read(string tensor)
    {
        if (!tensor.StartsWith(Wrapped, StringComparison.Ordinal))
            return null;
        foreach (var part in (string[])[A, B, Magnitude])
        {
            if (tensor.EndsWith(part, StringComparison.Ordinal) && tensor.Length > Wrapped.Length + part.Length)
                return (tensor[Wrapped.Length..^part.Length], part);
        }
        return null;
    }
}
