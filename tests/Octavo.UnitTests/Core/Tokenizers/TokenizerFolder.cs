using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>A folder for one test, gone afterwards.</summary>
internal sealed class TokenizerFolder : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("octavo-tokenizer-").FullName;

    public string File => Path.Combine(Folder, "tokenizer.json");

    public string Write(JsonNode content, string name = "tokenizer.json") => Write(content.ToJsonString(), name);

    public string Write(string content, string name = "tokenizer.json")
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Reads a tokenizer from content that is on disk no longer than that.</summary>
    public static Tokenizer Open(JsonNode content, string? config = null)
    {
        using var folder = new TokenizerFolder();
        folder.Write(content);
        if (config is not null)
            folder.Write(config, "tokenizer_config.json");
        return TokenizerReader.FromJson(folder.Folder);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
