namespace Octavo.Core.TorchPickle;

/// <summary>
/// What a pickle is made of here: null, bool, long, Int128, double and string as they are, and the classes of this file. No other object
/// can come out of a pickle.
/// </summary>
internal abstract class PickleContainer
{
    /// <summary>How many containers lie in each other here, counted when they were put in.</summary>
    public int Depth { get; private set; } = 1;

    /// <summary>Counts what is put in.</summary>
    protected void Hold(object? value) => Depth = Math.Max(Depth, 1 + (value is PickleContainer inner ? inner.Depth : 0));
}

/// <summary>A tuple.</summary>
internal sealed class PickleTuple : PickleContainer
{
    public static readonly PickleTuple Empty = new([]);

    public PickleTuple(object?[] items)
    {
        Items = items;
        foreach (var item in items)
            Hold(item);
    }

    public object?[] Items { get; }
}

/// <summary>A list.</summary>
internal sealed class PickleList : PickleContainer
{
    // Made when the first item comes: an empty list costs one byte in a file and must cost little here.
    private List<object?>? _items;

    public IReadOnlyList<object?> Items => _items ?? (IReadOnlyList<object?>)[];

    public void Add(object? item)
    {
        Hold(item);
        (_items ??= new List<object?>(1)).Add(item);
    }
}

/// <summary>A dict, or an OrderedDict, whose attributes are not kept.</summary>
/// <param name="ordered">Whether it is an OrderedDict.</param>
internal sealed class PickleDict(bool ordered) : PickleContainer
{
    private const int Small = 8;
    private List<KeyValuePair<object?, object?>>? _entries;
    private HashSet<string>? _texts;

    public bool IsOrdered => ordered;

    /// <summary>Whether a value is a tensor.</summary>
    public bool HoldsTensors { get; private set; }

    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries ?? (IReadOnlyList<KeyValuePair<object?, object?>>)[];

    /// <summary>Adds an entry; false where the text is a key already.</summary>
    public bool TryAdd(object? key, object? value)
    {
        _entries ??= new List<KeyValuePair<object?, object?>>(1);
        if (key is string text && !IsNew(_entries, text))
            return false;
        Hold(value);
        HoldsTensors |= value is PickleTensor;
        _entries.Add(new KeyValuePair<object?, object?>(key, value));
        return true;
    }

    /// <summary>Finds a value by a text.</summary>
    public object? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key is string text && text == key)
                return entry.Value;
        }
        return null;
    }

    private bool IsNew(List<KeyValuePair<object?, object?>> entries, string text)
    {
        if (entries.Count < Small)
            return !entries.Exists(entry => entry.Key is string other && other == text);
        _texts ??= new HashSet<string>(entries.Select(entry => entry.Key).OfType<string>(), StringComparer.Ordinal);
        return _texts.Add(text);
    }
}

/// <summary>How values are called in messages.</summary>
internal static class PickleKind
{
    private const int Shown = 100;

    public static string Of(object? value) => value switch
    {
        null => "None",
        bool => "a bool",
        long or Int128 => "an integer",
        double => "a float",
        string => "a text",
        PickleTuple => "a tuple",
        PickleList => "a list",
        PickleDict { IsOrdered: true } => "an OrderedDict",
        PickleDict => "a dict",
        PickleGlobal global => $"'{global.Name}'",
        PickleStorage => "a storage",
        _ => "a tensor",
    };

    /// <summary>A text of the file without control characters, cut.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Take(Shown).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()))
        + (text.Length > Shown ? "…" : "");
}
