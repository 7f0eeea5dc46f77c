using System.Text.Json;
using Octavo.Cli.Parity;
using Octavo.TestKit;

namespace Octavo.ParityTests;

/// <summary>The goldens of this repository and what golden/expected.json says of them.</summary>
internal static class GoldenFolders
{
    private static readonly JsonElement _expected = Read();

    /// <summary>Those that need nothing but this repository.</summary>
    public static IEnumerable<string> Always => Names("always");

    /// <summary>Those that are here and need a model of OCTAVO_MODELS.</summary>
    public static IEnumerable<string> WithModels => Names("withModels");

    /// <summary>Those that lie in OCTAVO_GOLDENS only.</summary>
    public static IEnumerable<string> WithGoldens => Names("withGoldens");

    /// <summary>Every golden of the repository, by its path below golden/.</summary>
    public static IEnumerable<string> All =>
        Golden.Find(Repository.At("golden")).Select(folder => Path.GetRelativePath(Repository.At("golden"), folder).Replace('\\', '/'));

    private static IEnumerable<string> Names(string list) => _expected.GetProperty(list).EnumerateArray().Select(name => name.GetString()!);

    private static JsonElement Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.At("golden", "expected.json")));
        return document.RootElement.Clone();
    }
}
