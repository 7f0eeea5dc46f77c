using Octavo.Core;

namespace Octavo.Cli.CommandLine;

/// <summary>Values that a verb cannot do without.</summary>
internal static class Required
{
    public static string Model(string? model) => model
        ?? throw new ConfigException("no model was given; give --model with a folder, a .gguf file or an id. `octavo list` shows what is there.");
}
