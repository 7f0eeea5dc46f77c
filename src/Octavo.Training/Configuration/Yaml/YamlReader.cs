using System.Text;
using Octavo.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Octavo.Training.Configuration.Yaml;

/// <summary>
/// Reads the part of YAML that every reader of YAML understands alike: keys, lists, values. What readers disagree on, and what can blow up or
/// hide something (anchors, tags, a key twice, tabs, several documents), is refused with its place.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 16;
    private const int MaxBytes = 1 << 20;

    private readonly string _name;
    private readonly string _folder;
    private readonly string? _onlyPlace;
    private readonly Parser _events;

    private YamlReader(string text, string name, string folder, string? onlyPlace)
    {
        (_name, _folder, _onlyPlace) = (name, folder, onlyPlace);
        _events = new Parser(new StringReader(text));
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; its folder is what its relative paths start from.</param>
    /// <returns>The keys; none for an empty file.</returns>
    /// <exception cref="InputFileException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="ConfigException">It is not such YAML; the message has line and column.</exception>
    public static YamlMap ReadFile(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return ReadText(Decode(path, ReadBytes(path)), path, folder);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="folder">What its relative paths start from.</param>
    public static YamlMap ReadText(string text, string name, string folder)
    {
        RefuseUnseen(text, name);
        var start = new ConfigPlace(folder, 1, 1);
        return new YamlReader(text, name, folder, null).Document() switch
        {
            null => new YamlMap([], start),
            YamlMap map => map,
            YamlScalar { IsNull: true } => new YamlMap([], start),
            var other => throw new ConfigException($"{name}: {other.Place.Text}: expected lines of 'key: value', found {other.Describe()}."),
        };
    }

    /// <summary>Reads the value of a <c>--set KEY=VALUE</c>.</summary>
    /// <param name="text">What follows the equals sign.</param>
    /// <param name="option">What errors call it, such as "--set seed".</param>
    /// <param name="folder">What its relative paths start from.</param>
    public static YamlNode ReadValue(string text, string option, string folder)
    {
        var place = new ConfigPlace(folder, 0, 0, option);
        var read = text.Trim() == "" ? null : new YamlReader(text, option, folder, option).Document();
        return read ?? new YamlScalar("", false, place);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? File.ReadAllBytes(path)
                : throw new ConfigException($"{path}: {length} bytes are no configuration; at most {MaxBytes} are read. "
                    + "Give the run's YAML file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path}: the configuration cannot be read: {error.Message}", error);
        }
    }

    private static string Decode(string path, byte[] bytes)
    {
        try
        {
            var mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(mark));
        }
        catch (DecoderFallbackException error)
        {
            throw new ConfigException($"{path}: byte {error.Index} is not UTF-8. Save the file as UTF-8.", error);
        }
    }

    private static void RefuseUnseen(string text, string name)
    {
        var line = 0;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            line++;
            var indent = content[..^content.TrimStart().Length];
            if (indent.IndexOf('\t') is var tab and >= 0 && indent.Length < content.Length)
                throw new ConfigException($"{name}: line {line}, column {tab + 1}: a tab in the indentation. YAML indents with spaces only.");
            for (var i = 0; i < content.Length; i++)
            {
                if (char.IsControl(content[i]) && content[i] != '\t')
                    throw new ConfigException($"{name}: line {line}, column {i + 1}: the control character U+{(int)content[i]:X4}. Remove it.");
            }
        }
    }

    private YamlNode? Document()
    {
        try
        {
            Next<StreamStart>();
            if (!Move<DocumentStart>())
                return null;
            _events.MoveNext();
            var root = Node(0);
            Next<DocumentEnd>();
            if (_events.MoveNext() && _events.Current is DocumentStart second)
                throw At(second.Start, "a second document begins; a configuration is one document. Remove the '---'.");
            return root;
        }
        catch (InvalidOperationException error)
        {
            // the scanner's answer to some texts that are no YAML
            throw At(_events.Current?.End ?? Mark.Empty, "not valid YAML from here on.", error);
        }
        catch (YamlException error)
        {
            throw At(error.Start, $"not valid YAML: {error.Message.TrimEnd('.')}.", error);
        }
    }

    // Current is the event that begins the node; afterwards it is its last one.
    private YamlNode Node(int depth)
    {
        var here = _events.Current!;
        if (depth > MaxDepth)
            throw At(here.Start, $"nested more than {MaxDepth} deep.");
        if (here is NodeEvent node)
            RefuseExtras(node);
        return here switch
        {
            Scalar scalar => new YamlScalar(scalar.Value, scalar.Style != ScalarStyle.Plain, Place(scalar.Start)),
            SequenceStart => List(depth),
            MappingStart => Map(depth),
            AnchorAlias alias => throw At(alias.Start, $"'*{alias.Value}' repeats an anchored value. Write the value out."),
            _ => throw At(here.Start, "expected a value."),
        };
    }

    private void RefuseExtras(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            throw At(node.Start, $"the anchor '&{node.Anchor.Value}'. Write values out where they are used.");
        if (!node.Tag.IsEmpty)
            throw At(node.Start, $"the tag '{node.Tag}'. Types come from the keys; remove it.");
    }

    private YamlList List(int depth)
    {
        var place = Place(_events.Current!.Start);
        List<YamlNode> items = [];
        while (_events.MoveNext() && _events.Current is not SequenceEnd)
            items.Add(Node(depth + 1));
        return new YamlList(items, place);
    }

    private YamlMap Map(int depth)
    {
        var place = Place(_events.Current!.Start);
        List<YamlEntry> entries = [];
        while (_events.MoveNext() && _events.Current is not MappingEnd)
        {
            var at = _events.Current!.Start;
            if (Node(depth + 1) is not YamlScalar key)
                throw At(at, "a key must be a name.");
            if (key.Text == "<<" && !key.IsQuoted)
                throw At(at, "'<<' merges keys of elsewhere. Write the keys out.");
            if (entries.FirstOrDefault(entry => entry.Key == key.Text) is { } first)
                throw At(at, $"the key '{key.Text}' stands twice; the first is at {first.Place.Text}. Remove one.");
            _events.MoveNext();
            entries.Add(new YamlEntry(key.Text, key.Place, Node(depth + 1)));
        }
        return new YamlMap(entries, place);
    }

    private bool Move<T>() where T : ParsingEvent => _events.MoveNext() && _events.Current is T;

    private void Next<T>() where T : ParsingEvent
    {
        if (!Move<T>())
            throw new ConfigException($"{_name}: not valid YAML: it ends too early.");
    }

    private ConfigPlace Place(Mark mark) => new(_folder, mark.Line, mark.Column, _onlyPlace);

    private ConfigException At(Mark mark, string problem, Exception? cause = null) =>
        new(_onlyPlace is null ? $"{_name}: {Place(mark).Text}: {problem}" : $"{_name}: {problem}", cause);
}
