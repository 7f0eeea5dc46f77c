using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;

namespace Octavo.Cli;

/// <summary>What of a model is text: its tokenizer, its chat template, its special tokens. No weights are needed.</summary>
internal static class ModelText
{
    private static readonly string[] _specialNames =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <param name="path">A resolved model, or a folder or file that holds a tokenizer only.</param>
    public static Tokenizer LoadTokenizer(string path)
    {
        if (path.EndsWith(".model", StringComparison.OrdinalIgnoreCase))
            return TokenizerReader.FromSentencePiece(path);
        if (!IsGguf(path))
            return TokenizerReader.FromFolder(Folder(path));
        using var file = GgufFile.Open(path);
        return TokenizerReader.FromGguf(file.Metadata);
    }

    /// <summary>Whether there is a tokenizer to load.</summary>
    public static bool HasTokenizer(string path) => IsGguf(path) || path.EndsWith(".model", StringComparison.OrdinalIgnoreCase)
        || File.Exists(Path.Combine(Folder(path), "tokenizer.json")) || Directory.EnumerateFiles(Folder(path), "*.model").Any();

    /// <summary>The Jinja text of the model's chat template, or null where it has none.</summary>
    public static string? ReadTemplate(string path)
    {
        if (!IsGguf(path))
            return ChatTemplateSource.Find(Folder(path))?.GetText();
        using var file = GgufFile.Open(path);
        return file.Metadata.TryGet<string>("tokenizer.chat_template", out var text) ? text : null;
    }

    /// <summary>Adds the model's special tokens to a template's variables where the caller gave none of that name.</summary>
    public static void AddSpecialTokens(string path, JsonObject context)
    {
        foreach (var (name, token) in IsGguf(path) ? GgufSpecials(path) : FolderSpecials(Folder(path)))
        {
            if (!context.ContainsKey(name))
                context[name] = token;
        }
    }

    private static IEnumerable<(string Name, string Token)> GgufSpecials(string path)
    {
        var tokenizer = LoadTokenizer(path);
        if (tokenizer.BosId is { } bos)
            yield return ("bos_token", tokenizer.Piece(bos));
        if (tokenizer.EosId is { } eos)
            yield return ("eos_token", tokenizer.Piece(eos));
    }

    private static List<(string Name, string Token)> FolderSpecials(string folder)
    {
        var path = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(path))
            return [];
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(path));
            List<(string, string)> found = [];
            foreach (var name in _specialNames)
            {
                if (config.RootElement.TryGetProperty(name, out var token) && TokenText(token) is { } text)
                    found.Add((name, text));
            }
            return found;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InputFileException($"{path}: not a valid configuration: {error.Message} Get the file again.", error);
        }
    }

    // a text, or an object that holds it
    private static string? TokenText(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out var content) => content.GetString(),
        _ => null,
    };

    private static bool IsGguf(string path) => path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    private static string Folder(string path) => Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
}
