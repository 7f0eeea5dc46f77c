using Octavo.Engine.Running;

namespace Octavo.Engine.Cache;

/// <summary>
/// Pieces of text whose keys and values were computed alone, at positions from 0; found by their token ids wherever they stand. Bytes are
/// bounded; the chunk that was used longest ago goes first. Called in the model's turn; only <see cref="Statistics"/> may be asked from elsewhere.
/// </summary>
/// <param name="pool">Where pages come from.</param>
/// <param name="layers">Layers of the model.</param>
/// <param name="limit">The most bytes.</param>
internal sealed class ChunkStore(PagePool pool, int layers, long limit) : IDisposable
{
    private readonly Dictionary<PageTokens, Entry> _entries = [];
    private long _tick;
    private long _bytes;
    private long _lookups;
    private long _hits;
    private long _evictions;

    public ChunkStoreStatistics Statistics
    {
        get
        {
            lock (_entries)
                return new(_lookups, _hits, _entries.Count, _bytes, limit, _evictions);
        }
    }

    /// <summary>The stored chunks of a text, from the left, apart. They stay there until the turn ends.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="length">Tokens of a chunk.</param>
    /// <param name="content">What they were computed with beside the tokens: an adapter's identity; 0 for the model alone.</param>
    public List<PlacedChunk> Find(ReadOnlyMemory<int> tokens, int from, int length, ulong content)
    {
        lock (_entries)
        {
            var found = Scan(tokens, from, length, content);
            _lookups++;
            _hits += found.Count;
            return found;
        }
    }

    /// <summary>Where a text has chunks that are not stored: what lies between stored ones is cut from its left. Not more than the store can hold.</summary>
    public List<int> Missing(ReadOnlyMemory<int> tokens, int length, ulong content)
    {
        lock (_entries)
        {
            List<int> missing = [];
            HashSet<PageTokens> seen = [];
            var most = limit / BytesOf(length);
            var gap = 0;
            foreach (var end in Scan(tokens, 0, length, content).Select(chunk => chunk.Position).Append(tokens.Length))
            {
                for (; gap + length <= end && missing.Count < most; gap += length)
                {
                    if (seen.Add(new PageTokens(tokens.Slice(gap, length), content)))
                        missing.Add(gap);
                }
                gap = end + length;
            }
            return missing;
        }
    }

    /// <summary>Stores a chunk, and owns it from then on; what was used longest ago makes room.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="content">As for <see cref="Find"/>.</param>
    /// <param name="chunk">What was computed.</param>
    public void Add(ReadOnlySpan<int> tokens, ulong content, KvCache chunk)
    {
        lock (_entries)
        {
            var (key, bytes) = (new PageTokens(tokens.ToArray(), content), BytesOf(tokens.Length));
            if (bytes > limit || _entries.ContainsKey(key))
            {
                chunk.Dispose();
                return;
            }
            while (_bytes + bytes > limit)
            {
                Remove(_entries.MinBy(entry => entry.Value.LastUse).Key);
                _evictions++;
            }
            _entries.Add(key, new Entry(chunk) { LastUse = ++_tick });
            _bytes += bytes;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_entries)
        {
            foreach (var key in _entries.Keys.ToList())
                Remove(key);
        }
    }

    public void Dispose() => Clear();

    private List<PlacedChunk> Scan(ReadOnlyMemory<int> tokens, int from, int length, ulong content)
    {
        List<PlacedChunk> found = [];
        for (var at = from; _entries.Count > 0 && at + length <= tokens.Length;)
        {
            if (!_entries.TryGetValue(new PageTokens(tokens.Slice(at, length), content), out var entry))
            {
                at++;
                continue;
            }
            entry.LastUse = ++_tick;
            found.Add(new PlacedChunk(entry.Chunk, at));
            at += length;
        }
        return found;
    }

    private void Remove(in PageTokens key)
    {
        _entries.Remove(key, out var entry);
        _bytes -= BytesOf(key.Ids.Length);
        entry!.Chunk.Dispose();
    }

    private long BytesOf(int tokens) => (long)SlotPositions.PagesFor(tokens) * pool.PageBytes * layers;

    private sealed class Entry(KvCache chunk)
    {
        public KvCache Chunk { get; } = chunk;

        /// <summary>When it was found or stored last.</summary>
        public long LastUse { get; set; }
    }
}
