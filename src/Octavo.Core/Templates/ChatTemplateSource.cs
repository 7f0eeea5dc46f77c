using System.Text;
using System.Text.Json;

namespace Octavo.Core.Templates;

/// <summary>
/// The chat templates of a model folder in the hub's layout. As in transformers, template files win over the entry in the
/// configuration: <c>chat_template.jinja</c> with <c>additional_chat_templates/NAME.jinja</c>, then <c>chat_template.json</c>,
/// then <c>chat_template</c> in <c>tokenizer_config.json</c>, which is one text or a list of named ones.
/// </summary>
public sealed class ChatTemplateSource
{
    /// <summary>The name of the template that is used when none is asked for.</summary>
    public const string DefaultName = "default";

    private const long MostBytes = 64 << 20;
    private const string Entry = "chat_template";

    private readonly SortedDictionary<string, string> _texts;

    private ChatTemplateSource(string path, SortedDictionary<string, string> texts) => (Path, _texts) = (path, texts);

    /// <summary>The file that the templates come from; the folder, when each has a file of its own.</summary>
    public string Path { get; }

    /// <summary>The names of the templates, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _texts.Keys;

    /// <summary>Looks for chat templates in a folder, and not in folders around or below it.</summary>
    /// <param name="folder">A folder with a tokenizer or a model.</param>
    /// <returns>The templates, or null when the folder has none.</returns>
    /// <exception cref="InputFileException">A file that holds templates cannot be read; its path and what is wrong.</exception>
    public static ChatTemplateSource? Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var files = FindFiles(folder);
        if (files.Count > 0) return new ChatTemplateSource(folder, files);
        foreach (var name in (ReadOnlySpan<string>)["chat_template.json", "tokenizer_config.json"])
        {
            var path = System.IO.Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            var texts = ReadEntry(path);
            if (texts.Count > 0) return new ChatTemplateSource(path, texts);
        }
        return null;
    }

    /// <summary>Reads a file that is one chat template and nothing else.</summary>
    /// <param name="path">The file: Jinja in UTF-8, at most 64 MiB.</param>
    /// <returns>Its text, without a byte order mark.</returns>
    /// <exception cref="InputFileException">The file is not there, cannot be read, is too large or is no UTF-8.</exception>
    public static string ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Decode(path, ReadBytes(path));
    }

    /// <summary>The text of a template.</summary>
    /// <param name="name">Its name, such as <c>tool_use</c>; the default one when it is null.</param>
    /// <exception cref="ConfigException">No template has that name; the message lists the names.</exception>
    public string GetText(string? name = null)
    {
        if (_texts.TryGetValue(name ?? DefaultName, out var text)) return text;
        var wanted = name is null ? "There is no default chat template" : $"There is no chat template '{name}'";
        throw new ConfigException($"{wanted} in {Path}. Name one of: {string.Join(", ", _texts.Keys)}.");
    }

    /// <summary>Parses a template; errors name the place that it comes from.</summary>
    /// <param name="name">Its name; the default one when it is null.</param>
    /// <exception cref="ConfigException">No template has that name.</exception>
    /// <exception cref="InputFileException">The template is not well formed or beyond its limits.</exception>
    /// <exception cref="UnsupportedException">The template uses something outside the subset.</exception>
    public ChatTemplate Parse(string? name = null)
    {
        var text = GetText(name);
        try
        {
            return ChatTemplate.Parse(text);
        }
        catch (InputFileException wrong)
        {
            throw new InputFileException($"{Path}: {wrong.Message}", wrong);
        }
        catch (UnsupportedException missing)
        {
            throw new UnsupportedException($"{Path}: {missing.Message}", missing);
        }
    }

    private static SortedDictionary<string, string> FindFiles(string folder)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var single = System.IO.Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(single)) texts[DefaultName] = ReadFile(single);
        var additional = System.IO.Path.Combine(folder, "additional_chat_templates");
        if (!Directory.Exists(additional)) return texts;
        foreach (var path in Directory.EnumerateFiles(additional, "*.jinja"))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(path);
            if (!texts.TryAdd(name, ReadFile(path)))
                throw new InputFileException($"{path} is a second default chat template beside {single}. Remove one of them.");
        }
        return texts;
    }

    // Scans for the one entry: a tokenizer's configuration can hold megabytes of added tokens, and this runs at start.
    private static SortedDictionary<string, string> ReadEntry(string path)
    {
        var bytes = ReadBytes(path);
        var json = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Wrong(path, "it is no JSON object");
            var isFound = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isEntry = reader.ValueTextEquals(Entry);
                if (isEntry && isFound) throw Wrong(path, $"it has '{Entry}' twice");
                isFound |= isEntry;
                reader.Read();
                if (isEntry) ReadTemplates(ref reader, path, texts);
                else reader.Skip();
            }
            return texts;
        }
        catch (JsonException broken)
        {
            throw new InputFileException($"{path} is not valid JSON: {broken.Message} Download it again.", broken);
        }
        catch (InvalidOperationException broken)
        {
            throw new InputFileException(
                $"{path} has a chat template that is not valid UTF-8 or has half a character. Download it again.", broken);
        }
    }

    private static void ReadTemplates(ref Utf8JsonReader reader, string path, SortedDictionary<string, string> texts)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: return;
            case JsonTokenType.String:
                texts.Add(DefaultName, reader.GetString()!);
                return;
            case JsonTokenType.StartArray: break;
            default: throw Wrong(path, $"'{Entry}' is neither a text nor a list of named texts");
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw Wrong(path, $"'{Entry}' has an item that is no object");
            var (name, template) = ReadNamed(ref reader);
            if (name is null || template is null) throw Wrong(path, $"'{Entry}' has an item without a text 'name' and a text 'template'");
            if (!texts.TryAdd(name, template)) throw Wrong(path, $"'{Entry}' has the name '{name}' twice");
        }
    }

    private static (string? Name, string? Template) ReadNamed(ref Utf8JsonReader reader)
    {
        var (name, template) = ((string?)null, (string?)null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isName, isTemplate) = (reader.ValueTextEquals("name"), reader.ValueTextEquals("template"));
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String) name = reader.GetString();
            else if (isTemplate && reader.TokenType == JsonTokenType.String) template = reader.GetString();
            else reader.Skip();
        }
        return (name, template);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MostBytes) throw Wrong(path, $"it has {length} bytes; at most {MostBytes} are read");
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path} cannot be read: {failure.Message}", failure);
        }
    }

    private static string Decode(string path, byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return text.StartsWith('\ufeff') ? text[1..] : text;
        }
        catch (DecoderFallbackException broken)
        {
            throw new InputFileException($"{path} is not valid UTF-8: {broken.Message} Download it again.", broken);
        }
    }

    private static InputFileException Wrong(string path, string problem) =>
        new($"{path} holds no usable chat template: {problem}. Repair the file or download it again.");
}
