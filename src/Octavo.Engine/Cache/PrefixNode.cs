namespace Octavo.Engine.Cache;

/// <summary>What a page was computed from: its token ids, and a hash of what else decides it: an adapter, embeddings that stand for tokens.</summary>
/// <param name="Ids">As many as a page has positions.</param>
/// <param name="Content">0 for text that the model alone has read.</param>
internal readonly record struct PageTokens(ReadOnlyMemory<int> Ids, ulong Content = 0)
{
    public bool Equals(PageTokens other) => Content == other.Content && Ids.Span.SequenceEqual(other.Ids.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Content);
        foreach (var id in Ids.Span)
            hash.Add(id);
        return hash.ToHashCode();
    }
}

/// <summary>
/// One sealed page of all layers, after the pages of its ancestors. Its keys and values are in memory, or still in a file; a node in
/// memory has its ancestors in memory too.
/// </summary>
internal sealed class PrefixNode(PrefixNode? parent, PageTokens tokens)
{
    public PrefixNode? Parent { get; } = parent;

    public PageTokens Tokens { get; } = tokens;

    public Dictionary<PageTokens, PrefixNode> Children { get; } = [];

    /// <summary>The page of each layer, or null where they are in the file only.</summary>
    public int[]? Pages { get; set; }

    /// <summary>Children whose pages are in memory.</summary>
    public int LoadedChildren { get; set; }

    /// <summary>The file that has the pages, and the place there; null where none has.</summary>
    public PrefixFile? Source { get; set; }

    public int SourceIndex { get; set; }

    public bool IsPinned { get; set; }

    public long Hits { get; set; }

    /// <summary>The operation that touched it last; a parent's is never older than its child's.</summary>
    public long LastUse { get; set; }
}

/// <summary>A node as it was when it was chosen for a file; its pages are held.</summary>
internal readonly record struct HeldNode(PrefixNode Node, int[]? Pages, PrefixFile? Source, int SourceIndex);
