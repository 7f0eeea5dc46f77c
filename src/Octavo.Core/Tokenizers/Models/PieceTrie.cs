namespace Octavo.Core.Tokenizers.Models;

/// <summary>
/// Pieces by their units, to find all that a text begins with. A table of edges with open addressing; each entry holds the node it leaves, the
/// unit, and the node it leads to.
/// </summary>
internal sealed class PieceTrie
{
    private const int NodeBits = 24;
    private const int UnitBits = 16;
    private const int MostNodes = (1 << NodeBits) - 1;
    private const ulong Odd = 0x9E3779B97F4A7C15;

    // The process's own random seed, so that no file can be made to collide.
    private readonly ulong _seed = (ulong)(uint)HashCode.Combine(3) << 32 | (uint)HashCode.Combine(4);

    // The edges out of the root, by unit.
    private readonly int[] _root = new int[1 << UnitBits];
    private ulong[] _edges = new ulong[1 << 12];
    private int[] _ids = new int[1 << 10];
    private int _shift = 64 - 12;
    private int _nodes = 1;
    private int _count;

    /// <summary>Adds a piece; the last id of a spelling counts.</summary>
    /// <param name="piece">The spelling, not empty.</param>
    /// <param name="id">Its id.</param>
    /// <returns>False where the trie is full.</returns>
    public bool TryAdd(ReadOnlySpan<char> piece, int id)
    {
        if (_nodes + piece.Length > MostNodes)
            return false;
        var node = 0;
        foreach (var unit in piece)
        {
            var next = Step(node, unit);
            node = next > 0 ? next : AddEdge(node, unit);
        }
        _ids[node] = id + 1;
        return true;
    }

    /// <summary>Goes on by a unit.</summary>
    /// <param name="node">A node; 0 is the root.</param>
    /// <param name="unit">The unit.</param>
    /// <returns>The node that the unit leads to, or 0.</returns>
    public int Step(int node, char unit)
    {
        if (node == 0)
            return _root[unit];
        var key = Key(node, unit);
        for (var slot = Slot(key); ; slot = (slot + 1) & (_edges.Length - 1))
        {
            var edge = _edges[slot];
            if (edge == 0)
                return 0;
            if (edge >> NodeBits == key)
                return (int)(edge & MostNodes);
        }
    }

    /// <summary>The id of the piece that ends at a node, or -1.</summary>
    public int Id(int node) => _ids[node] - 1;

    private static ulong Key(int node, char unit) => (ulong)node << UnitBits | unit;

    private int Slot(ulong key)
    {
        var mixed = (key ^ _seed) * Odd;
        return (int)((mixed ^ mixed >> 29) * Odd >> _shift);
    }

    private int AddEdge(int node, char unit)
    {
        var next = _nodes++;
        if (next == _ids.Length)
            Array.Resize(ref _ids, _ids.Length * 2);
        if (node == 0)
            return _root[unit] = next;
        if (++_count * 2 > _edges.Length)
            Grow();
        Insert(Key(node, unit) << NodeBits | (uint)next);
        return next;
    }

    private void Insert(ulong edge)
    {
        var slot = Slot(edge >> NodeBits);
        while (_edges[slot] != 0)
            slot = (slot + 1) & (_edges.Length - 1);
        _edges[slot] = edge;
    }

    private void Grow()
    {
        var old = _edges;
        _edges = new ulong[old.Length * 2];
        _shift--;
        foreach (var edge in old)
        {
            if (edge != 0)
                Insert(edge);
        }
    }
}
