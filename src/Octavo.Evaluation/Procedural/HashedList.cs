using System.Collections;

namespace Octavo.Evaluation.Procedural;

/// <summary>A list of different texts that can be drawn from and looked up in.</summary>
internal sealed class HashedList : IReadOnlyList<string>
{
    private readonly string[] _items;
    private readonly HashSet<string> _known;

    public HashedList(IEnumerable<string> items)
    {
        _items = [.. items];
        _known = [.. _items];
    }

    public int Count => _items.Length;

    public string this[int index] => _items[index];

    public bool Contains(string item) => _known.Contains(item);

    public IEnumerator<string> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
