using System.Diagnostics.CodeAnalysis;

namespace Octavo.Engine.Cache;

/// <summary>
/// A radix tree over sealed pages: sequences that begin alike share the pages of what they have in common, and a new one takes them from
/// here. Bytes in memory are bounded; the leaf that was used longest ago goes first, but never a pinned one or one that a sequence uses.
/// Thread-safe; what may take pages (<see cref="Take"/>) is called in the model's turn.
/// </summary>
internal sealed class PrefixStore : IDisposable
{
    private readonly object _lock = new();
    private readonly PagePool _pool;
    private readonly int _layers;
    private readonly long _limit;
    private readonly PrefixNode _root = new(null, default);
    private readonly List<PrefixNode> _nodes = [];
    private readonly List<PrefixFile> _files = [];
    private readonly List<string> _notes = [];
    private long _tick;
    private int _loaded;
    private long _lookups;
    private long _hits;
    private long _tokensReused;
    private long _evictions;

    public PrefixStore(PagePool pool, int layers, long limit)
    {
        _pool = pool;
        _layers = layers;
        _limit = limit;
    }

    /// <summary>Bytes of one page in all layers.</summary>
    public long NodeBytes => _pool.PageBytes * _layers;

    /// <summary>Rises with every page that came in and is in no file.</summary>
    public long Changes { get; private set; }

    public PrefixCacheStatistics Statistics
    {
        get
        {
            lock (_lock)
                return new(_lookups, _hits, _tokensReused, _nodes.Count, _loaded * NodeBytes, _limit, _evictions);
        }
    }

    /// <summary>Gives a cache the pages of the longest stored beginning of a prompt, never all of it.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="cache">Holds the prompt's first <paramref name="held"/> tokens and nothing else.</param>
    /// <param name="held">Tokens that need not be taken.</param>
    /// <param name="content">What the pages were computed with beside the tokens: an adapter's identity; 0 for the model alone.</param>
    /// <returns>Tokens that the cache holds now.</returns>
    public int Take(ReadOnlyMemory<int> prompt, KvCache cache, int held, ulong content = 0)
    {
        lock (_lock)
        {
            // The last token has to be run: its logits begin the answer.
            var most = (prompt.Length - 1) / PagePool.Positions;
            if (_limit == 0 || most == 0)
                return held;
            _tick++;
            _lookups++;
            List<PrefixNode> path = [];
            var node = _root;
            while (path.Count < most && node.Children.TryGetValue(PageOf(prompt, path.Count, content), out var next) && Touch(next) && Load(next))
                path.Add(node = next);
            if (path.Count * PagePool.Positions <= held)
                return held;
            var first = held / PagePool.Positions;
            cache.Rollback(new KvMark(first * PagePool.Positions));
            foreach (var taken in path.Skip(first))
                cache.Adopt(taken.Pages!);
            foreach (var used in path)
                used.Hits++;
            _hits++;
            _tokensReused += (path.Count * PagePool.Positions) - held;
            return path.Count * PagePool.Positions;
        }
    }

    /// <summary>Shares the full pages of a cache.</summary>
    /// <param name="tokens">Tokens of the cache, from its beginning.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="content">As for <see cref="Take"/>.</param>
    public void Add(ReadOnlyMemory<int> tokens, KvCache cache, ulong content = 0)
    {
        lock (_lock)
        {
            _tick++;
            var node = _root;
            for (var page = 0; page < tokens.Length / PagePool.Positions; page++)
            {
                var found = node.Children.TryGetValue(PageOf(tokens, page, content), out var child);
                if (found)
                    Touch(child!);
                if (child?.Pages is null)
                {
                    if (!MakeRoom())
                        return;
                    child ??= Insert(node, new PageTokens(PageOf(tokens, page, content).Ids.ToArray(), content));
                    Touch(child);
                    var pages = new int[_layers];
                    for (var layer = 0; layer < _layers; layer++)
                        _pool.Share(pages[layer] = cache.Page(layer, page));
                    Hold(child, pages);
                    if (child.Source is null)
                        Changes++;
                }
                node = child;
            }
        }
    }

    /// <summary>Keeps the stored pages of a beginning, or lets them go as others; returns how many tokens they hold.</summary>
    public int Pin(ReadOnlyMemory<int> tokens, bool pinned, ulong content = 0)
    {
        lock (_lock)
        {
            var node = _root;
            var count = 0;
            while (count < tokens.Length / PagePool.Positions
                && node.Children.TryGetValue(PageOf(tokens, count, content), out var next) && next.Pages is not null)
            {
                node = next;
                node.IsPinned = pinned;
                count++;
            }
            return count * PagePool.Positions;
        }
    }

    /// <summary>Makes the pages of a file findable; they are read when they are needed. The store owns the file from then on.</summary>
    public void Attach(PrefixFile file)
    {
        lock (_lock)
        {
            _files.Add(file);
            var made = new PrefixNode[file.Count];
            // What a file knows is older than anything in this process.
            var newest = file.Count == 0 ? 0 : Enumerable.Range(0, file.Count).Max(file.LastUse);
            for (var i = 0; i < file.Count; i++)
            {
                var parent = file.Parent(i) < 0 ? _root : made[file.Parent(i)];
                if (!parent.Children.TryGetValue(file.Tokens(i), out var node))
                {
                    node = Insert(parent, file.Tokens(i));
                    node.LastUse = file.LastUse(i) - newest;
                    node.Hits = file.Hits(i);
                    for (var above = parent; above.LastUse < node.LastUse; above = above.Parent!)
                        above.LastUse = node.LastUse;
                }
                if (node.Source is null)
                    (node.Source, node.SourceIndex) = (file, i);
                made[i] = node;
            }
        }
    }

    /// <summary>
    /// What to write to a file, parents first, its pages held until they are released: a beginning, or what was used last.
    /// </summary>
    /// <param name="only">A beginning, or null for all.</param>
    /// <param name="most">How many pages at most.</param>
    /// <param name="content">Of a beginning: as for <see cref="Take"/>.</param>
    public List<HeldNode> Select(ReadOnlyMemory<int>? only, int most, ulong content = 0)
    {
        lock (_lock)
        {
            List<PrefixNode> chosen = [];
            if (only is { } tokens)
            {
                var node = _root;
                while (chosen.Count < Math.Min(most, tokens.Length / PagePool.Positions)
                    && node.Children.TryGetValue(PageOf(tokens, chosen.Count, content), out var next))
                    chosen.Add(node = next);
            }
            else
            {
                chosen.AddRange(_nodes.OrderByDescending(node => node.LastUse).ThenBy(Depth).Take(most));
            }
            foreach (var page in chosen.SelectMany(node => node.Pages ?? []))
                _pool.Share(page);
            return [.. chosen.Select(node => new HeldNode(node, node.Pages, node.Source, node.SourceIndex))];
        }
    }

    /// <summary>Lets pages go that <see cref="Select"/> held.</summary>
    public void LetGo(IEnumerable<HeldNode> held)
    {
        foreach (var node in held)
            Release(node.Pages ?? []);
    }

    public void AddNote(string note)
    {
        lock (_lock)
            _notes.Add(note);
    }

    /// <summary>Sentences about files that were not used; each is given once.</summary>
    public IReadOnlyList<string> TakeNotes()
    {
        lock (_lock)
        {
            string[] notes = [.. _notes];
            _notes.Clear();
            return notes;
        }
    }

    /// <summary>Forgets everything; sequences keep the pages that they use.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var node in _nodes)
                Release(node.Pages ?? []);
            _nodes.Clear();
            _root.Children.Clear();
            _root.LoadedChildren = 0;
            _loaded = 0;
            foreach (var file in _files)
                file.Dispose();
            _files.Clear();
        }
    }

    public void Dispose() => Clear();

    private static PageTokens PageOf(ReadOnlyMemory<int> tokens, int page, ulong content) =>
        new(tokens.Slice(page * PagePool.Positions, PagePool.Positions), content);

    private static int Depth(PrefixNode node)
    {
        var depth = 0;
        for (var at = node.Parent; at is not null; at = at.Parent)
            depth++;
        return depth;
    }

    private void Release(int[] pages)
    {
        foreach (var page in pages)
            _pool.Release(page);
    }

    private bool Touch(PrefixNode node)
    {
        node.LastUse = _tick;
        return true;
    }

    private PrefixNode Insert(PrefixNode parent, PageTokens tokens)
    {
        var node = new PrefixNode(parent, tokens);
        parent.Children.Add(tokens, node);
        _nodes.Add(node);
        return node;
    }

    private void Hold(PrefixNode node, int[] pages)
    {
        node.Pages = pages;
        node.Parent!.LoadedChildren++;
        _loaded++;
    }

    /// <summary>Brings a node's pages into memory; false where there is no room or the file is damaged.</summary>
    private bool Load(PrefixNode node)
    {
        if (node.Pages is not null)
            return true;
        if (!MakeRoom())
            return false;
        var pages = new int[_layers];
        var rented = 0;
        try
        {
            for (; rented < _layers; rented++)
                pages[rented] = _pool.Rent();
            node.Source!.Read(node.SourceIndex, pages, _pool);
            Hold(node, pages);
            return true;
        }
        catch (Exception error) when (error is StoredPagesException or OutOfMemoryException)
        {
            Release(pages[..rented]);
            if (error is StoredPagesException damaged)
                Drop(damaged);
            return false;
        }
    }

    /// <summary>A damaged file is not read again: what is not in memory yet is forgotten.</summary>
    public void Drop(StoredPagesException damaged)
    {
        lock (_lock)
            Drop(damaged.File, damaged.Message);
    }

    private void Drop(PrefixFile file, string note)
    {
        if (!_files.Remove(file))
            return;
        _notes.Add(note);
        foreach (var node in _nodes.Where(node => node.Source == file))
            node.Source = null;
        var lost = _nodes.Where(node => node.Pages is null && node.Source is null).ToList();
        foreach (var node in lost)
            Cut(node);
        file.Dispose();
    }

    private void Cut(PrefixNode node)
    {
        node.Parent!.Children.Remove(node.Tokens);
        _nodes.Remove(node);
        foreach (var child in node.Children.Values.ToList())
            Cut(child);
    }

    private bool MakeRoom()
    {
        if (NodeBytes > _limit)
            return false;
        while ((_loaded + 1) * NodeBytes > _limit)
        {
            if (!FindOldest(out var oldest))
                return false;
            Release(oldest.Pages!);
            oldest.Pages = null;
            oldest.Parent!.LoadedChildren--;
            _loaded--;
            _evictions++;
            if (oldest.Source is null)
                Cut(oldest);
        }
        return true;
    }

    private bool FindOldest([NotNullWhen(true)] out PrefixNode? oldest)
    {
        oldest = null;
        foreach (var node in _nodes)
        {
            if (node.Pages is null || node.LoadedChildren > 0 || node.IsPinned || node.LastUse >= (oldest?.LastUse ?? _tick))
                continue;
            // A page that a sequence uses would free no memory.
            if (!_pool.IsShared(node.Pages[0]))
                oldest = node;
        }
        return oldest is not null;
    }
}
