using System.Text.Json;
using Octavo.Core;

namespace Octavo.Models;

/// <summary>How an encoder's rows become the embedding of a text.</summary>
/// <param name="Pooling">How the rows become one.</param>
/// <param name="Normalize">Whether it has unit length.</param>
/// <param name="MaxTokens">The most tokens of a text; null takes the encoder's own limit.</param>
public sealed record SentenceSettings(Pooling Pooling, bool Normalize, int? MaxTokens = null)
{
    private static readonly (string Key, Pooling Pooling)[] _modes =
    [
        ("pooling_mode_mean_tokens", Pooling.Mean), ("pooling_mode_cls_token", Pooling.Cls), ("pooling_mode_lasttoken", Pooling.Last),
        ("pooling_mode_max_tokens", Pooling.Max),
    ];

    /// <summary>
    /// Reads what a checkpoint says: <c>modules.json</c>, the pooling's <c>config.json</c> and <c>sentence_bert_config.json</c> beside the
    /// weights, or GGUF's <c>pooling_type</c>.
    /// </summary>
    /// <returns>Null where it says nothing.</returns>
    /// <exception cref="UnsupportedException">A module or a way of pooling that is not supported, by name.</exception>
    /// <exception cref="InputFileException">A file is bad.</exception>
    public static SentenceSettings? Read(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Metadata is { } metadata)
            return FromGguf(metadata.Get<string>("general.architecture"), metadata.TryGet<long>($"{metadata.Get<string>("general.architecture")}.pooling_type", out var type) ? type : null);
        var folder = Directory.Exists(checkpoint.Path) ? checkpoint.Path : Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!;
        var modules = Path.Combine(folder, "modules.json");
        if (!File.Exists(modules))
            return null;
        try
        {
            return FromHub(folder, modules);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{modules}: the modules of the sentence encoder cannot be read: {error.Message} Get the folder again.", error);
        }
    }

    // llama.cpp normalizes what it pools, and so do the files' makers expect
    private static SentenceSettings? FromGguf(string architecture, long? type) => type switch
    {
        null or 0 => null,
        1 => new(Pooling.Mean, true),
        2 => new(Pooling.Cls, true),
        3 => new(Pooling.Last, true),
        _ => throw new UnsupportedException($"{architecture}.pooling_type is {type}; 1 (mean), 2 (cls) and 3 (last) are supported."),
    };

    private static SentenceSettings FromHub(string folder, string modules)
    {
        Pooling? pooling = null;
        var normalize = false;
        using var json = JsonDocument.Parse(File.ReadAllBytes(modules));
        foreach (var module in json.RootElement.EnumerateArray())
        {
            var kind = module.GetProperty("type").GetString()!.Split('.')[^1];
            switch (kind)
            {
                case "Transformer": break;
                case "Pooling": pooling = ReadPooling(folder, module.GetProperty("path").GetString()!); break;
                case "Normalize": normalize = true; break;
                default: throw new UnsupportedException($"{modules}: the module '{kind}' is not supported; Transformer, Pooling and Normalize are.");
            }
        }
        if (pooling is null)
            throw new UnsupportedException($"{modules}: there is no Pooling module, so a text has no one embedding.");
        var limits = Path.Combine(folder, "sentence_bert_config.json");
        int? most = null;
        if (File.Exists(limits))
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(limits));
            if (config.RootElement.TryGetProperty("max_seq_length", out var length) && length.ValueKind == JsonValueKind.Number)
                most = length.GetInt32();
        }
        return new SentenceSettings(pooling.Value, normalize, most);
    }

    private static Pooling ReadPooling(string folder, string path)
    {
        // a name out of a file: one segment below the folder
        if (path.Contains("..", StringComparison.Ordinal) || Path.IsPathRooted(path))
            throw new InputFileException($"{folder}: modules.json names the folder '{path}'; a folder beside it is expected.");
        var file = Path.Combine(folder, path, "config.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        List<Pooling> chosen = [];
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (!property.Name.StartsWith("pooling_mode", StringComparison.Ordinal) || property.Value.ValueKind != JsonValueKind.True)
                continue;
            var mode = Array.Find(_modes, mode => mode.Key == property.Name);
            if (mode.Key is null)
                throw new UnsupportedException($"{file}: {property.Name} is not supported; supported are {string.Join(", ", _modes.Select(known => known.Key))}.");
            chosen.Add(mode.Pooling);
        }
        return chosen.Count == 1
            ? chosen[0]
            : throw new UnsupportedException($"{file}: {chosen.Count} ways of pooling are switched on; one is supported.");
    }
}
