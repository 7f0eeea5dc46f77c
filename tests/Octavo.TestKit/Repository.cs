namespace Octavo.TestKit;

/// <summary>Places of this repository and of what may lie beside it.</summary>
public static class Repository
{
    /// <summary>The root: the folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the root.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The first part of the bundled model.</summary>
    public static string BundledModel => At("models", "smollm2-135m-instruct", "SmolLM2-135M-Instruct.Q4_1-00001-of-00003.gguf");

    /// <summary>A folder named by an environment variable, or null where it is not set or not there.</summary>
    public static string? Outside(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path && Directory.Exists(path) ? path : null;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Octavo.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException("The tests run outside the repository: no Octavo.slnx above them.");
    }
}
