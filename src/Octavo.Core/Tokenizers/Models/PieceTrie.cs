namespace Octavo.Core.Tokenizers.Models;

/// <summary>
/// Pieces by their units, to find all that a text begins with. A node holds its first edge; the others are in a table with open
/// addressing, whose entries hold the node they leave, the unit, and the node they lead to.
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
    private Node[] _all = new Node[1 << 10];
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
        _all[node].Id = id + 1;
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
        ref readonly var parent = ref _all[node];
        if (parent.Unit == unit && parent.Next > 0)
            return parent.Next;
        // Most steps that lead nowhere end here.
        if ((parent.Others >> (unit & 31) & 1) == 0)
            return 0;
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
    public int Id(int node) => _all[node].Id - 1;

    private static ulong Key(int node, char unit) => (ulong)node << UnitBits | unit;

    private int Slot(ulong key)
    {
        var mixed = (key ^ _seed) * Odd;
        return (int)((mixed ^ mixed >> 29) * Odd >> _shift);
    }

    private int AddEdge(int node, char unit)
    {
        var next = _nodes++;
        if (next == _all.Length)
            Array.Resize(ref _all, _all.Length * 2);
        if (node == 0)
            return _root[unit] = next;
        ref var parent = ref _all[node];
        if (parent.Next == 0)
        {
            (parent.Unit, parent.Next) = (unit, next);
            return next;
        }
        parent.Others |= 1U << (unit & 31);
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

    // The unit and the node of the first edge, the id + 1 of the piece that ends here, and which units, by their lowest five
    // bits, the other edges may have.
    private struct Node
    {
        public uint Others;
        public int Next;
        public int Id;
        public char Unit;
    }
}
