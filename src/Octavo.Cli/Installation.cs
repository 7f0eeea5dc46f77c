using Octavo.Core.Store;

namespace Octavo.Cli;

/// <summary>Where this program is installed, and what belongs to it.</summary>
internal static class Installation
{
    /// <summary>The model that comes with Octavo: the default of <c>chat</c> and <c>generate</c>.</summary>
    public const string BundledModel = "smollm2-135m-instruct";

    /// <summary>The file that the bundled model was split from.</summary>
    public const string BundledSource = "SmolLM2-135M-Instruct.Q4_1.gguf";

    private const int LevelsUp = 5;

    /// <summary>The folder that holds <c>models/</c>: the program's own or one above it.</summary>
    public static string Root { get; } = FindRoot();

    public static ModelStore Models => ModelStore.FromEnvironment(Root);

    private static string FindRoot()
    {
        var start = AppContext.BaseDirectory;
        var folder = new DirectoryInfo(start);
        for (var level = 0; level < LevelsUp && folder is not null; level++, folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "models")))
                return folder.FullName;
        }
        return start;
    }
}
