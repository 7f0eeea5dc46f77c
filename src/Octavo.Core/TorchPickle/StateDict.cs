namespace Octavo.Core.TorchPickle;

/// <summary>The dict of a checkpoint that holds its tensors: the whole of it, or one of its entries.</summary>
/// <param name="Tensors">Its entries that are tensors.</param>
/// <param name="Entry">The keys that lead to it, joined by '/'; null where the file's dict is it.</param>
/// <param name="Others">The other keys of the file's dict, where it is an entry.</param>
internal sealed record StateDict(IReadOnlyList<(string Name, PickleTensor Tensor)> Tensors, string? Entry, IReadOnlyList<string> Others)
{
    public const int MaxTensors = 1_000_000;
    private const int Shown = 8;

    // Under these keys training programs put the model, with tensors of their own beside it.
    private static readonly string[] _wrappers = ["state_dict", "model", "model_state_dict", "module"];

    /// <summary>Finds the state dict.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="root">What its pickle holds.</param>
    /// <param name="entry">The key of the file's dict that is meant; null to find it.</param>
    /// <exception cref="CheckpointException">There is none, or more than one may be meant; the message names them.</exception>
    public static StateDict Find(string path, object? root, string? entry)
    {
        if (root is not PickleDict dict)
            throw new CheckpointException($"{path}: the file holds {PickleKind.Of(root)}; a dict of tensors is expected. Save the model's state_dict.");
        if (entry is not null)
        {
            return dict.Find(entry) is PickleDict { HoldsTensors: true } named
                ? Read(path, new Part(entry, entry, named), dict)
                : throw new CheckpointException($"{path}: the file has no dict of tensors '{entry}'; it holds {List(Keys(dict))}.");
        }
        var level = Inner(new Part(null, null, dict)).ToList();
        var found = level.Where(part => part.Dict.HoldsTensors).ToList();
        if (dict.HoldsTensors)
        {
            if (found.Count == 0)
                return Read(path, new Part(null, null, dict), dict);
            if (found.Count > 1 || !_wrappers.Contains(found[0].Name))
                throw Ambiguous(path, ["the whole file", .. found.Select(part => part.Name!)]);
        }
        var seen = new HashSet<PickleDict>(ReferenceEqualityComparer.Instance) { dict };
        for (var depth = 0; found.Count == 0 && level.Count > 0 && depth < PickleReader.MaxDepth; depth++)
        {
            level = level.Where(part => seen.Add(part.Dict)).SelectMany(Inner).ToList();
            found = level.Where(part => part.Dict.HoldsTensors).ToList();
        }
        return found.Count switch
        {
            0 => throw new CheckpointException($"{path}: the file holds no dict of tensors; it holds {List(Keys(dict))}. Save the model's state_dict."),
            1 => Read(path, found[0], dict),
            _ => throw Ambiguous(path, found.Select(part => part.Name!)),
        };
    }

    /// <summary>A sentence about what was taken, or null where it is the whole file.</summary>
    public string? Note => Entry is null ? null
        : $"The weights are the file's entry '{PickleKind.Printable(Entry)}'" + (Others.Count == 0 ? "." : $"; not used: {List(Others)}.");

    private static CheckpointException Ambiguous(string path, IEnumerable<string> names) => new(
        $"{path}: several parts of the file may be the model: {List(names)}. Save the one that is meant as a file of its own.");

    private static StateDict Read(string path, Part part, PickleDict root)
    {
        List<(string, PickleTensor)> tensors = [];
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var (key, value) in part.Dict.Entries)
        {
            if (value is PickleTensor tensor)
            {
                tensors.Add((key as string ?? throw new CheckpointException(
                    $"{path}: the key of a tensor is {PickleKind.Of(key)}; a text is expected. Save the model's state_dict."), tensor));
            }
            else if (HidesTensor(value, 0, seen))
            {
                throw new CheckpointException($"{path}: beside tensors there is {(key is string name ? $"'{PickleKind.Printable(name)}'" : PickleKind.Of(key))}, "
                    + $"{PickleKind.Of(value)} with tensors inside; only tensors with names of their own are read. Save the model's state_dict.");
            }
        }
        if (tensors.Count > MaxTensors)
            throw new CheckpointException($"{path}: there are {tensors.Count} tensors; at most {MaxTensors} are allowed.");
        return new StateDict(tensors, part.Name, part.Name is null ? [] : Keys(root).Where(key => key != part.Top).ToList());
    }

    private static IEnumerable<Part> Inner(Part part)
    {
        foreach (var (key, value) in part.Dict.Entries)
        {
            if (key is string name && value is PickleDict dict)
                yield return part.Name is null ? new Part(name, name, dict) : new Part($"{Short(part.Name)}/{Short(name)}", part.Top, dict);
        }
    }

    // What a file repeats through its memo must not grow.
    private static string Short(string name) => name.Length > 100 ? name[..100] + "…" : name;

    private static bool HidesTensor(object? value, int depth, HashSet<object> seen)
    {
        if (value is not PickleContainer || depth > PickleReader.MaxDepth || !seen.Add(value))
            return false;
        var inside = value switch
        {
            PickleTuple tuple => tuple.Items,
            PickleList list => list.Items,
            _ => ((PickleDict)value).Entries.Select(entry => entry.Value),
        };
        return inside.Any(item => item is PickleTensor || HidesTensor(item, depth + 1, seen));
    }

    private static IEnumerable<string> Keys(PickleDict dict) => dict.Entries.Select(entry => entry.Key as string ?? PickleKind.Of(entry.Key));

    private static string List(IEnumerable<string> names)
    {
        var all = names.Select(PickleKind.Printable).ToList();
        return all.Count == 0 ? "nothing" : string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? $" and {all.Count - Shown} more" : "");
    }

    /// <summary>A dict in the file: the keys that lead to it, the first of them, and the dict.</summary>
    private sealed record Part(string? Name, string? Top, PickleDict Dict);
}
