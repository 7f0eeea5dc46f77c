using System.Text.Json;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Where reference cases and vocabularies lie; a test whose file is absent is skipped with the reason.</summary>
internal static class TokenizerFiles
{
    /// <summary>A file or folder of the reference cases: committed, or in OCTAVO_GOLDENS.</summary>
    public static string Golden(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var committed = Path.Combine(folder.FullName, "golden", name);
            if (Path.Exists(committed))
                return committed;
        }
        return Outside("OCTAVO_GOLDENS", name);
    }

    /// <summary>A file or folder in OCTAVO_MODELS.</summary>
    public static string Model(string name) => Outside("OCTAVO_MODELS", name);

    /// <summary>The folder of a published tokenizer.</summary>
    public static string Published(string name) => Model(name == "minilm" ? "all-MiniLM-L6-v2" : "tokenizers/" + name);

    /// <summary>The cases of a golden.</summary>
    public static JsonElement[] Cases(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Golden(name), "cases.json")));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    public static int[] Ints(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(x => x.GetInt32())];

    public static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Outside(string variable, string name)
    {
        var root = Environment.GetEnvironmentVariable(variable);
        if (root is null || !Path.Exists(Path.Combine(root, name)))
            Assert.Skip($"{variable} does not lead to a folder that holds {name}.");
        return Path.Combine(root!, name);
    }
}
