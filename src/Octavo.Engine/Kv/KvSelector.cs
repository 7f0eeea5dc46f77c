namespace Octavo.Engine.Kv;

/// <summary>
/// Chooses what a token reads of one stored head once the prompt was read, and holds what it knows of that head's keys. It belongs to
/// the cache of a sequence; one thread uses it at a time.
/// </summary>
public abstract class KvSelector
{
    /// <summary>Whether query heads that share a stored head choose apart.</summary>
    public virtual bool PerQueryHead => false;

    /// <summary>Adds what the queries read. Nothing at all stands for the last token.</summary>
    /// <param name="query">The queries of one row, and the keys.</param>
    /// <param name="keys">Empty; indices are those of stored tokens.</param>
    public abstract void Choose(KvQuery query, KeySet keys);

    /// <summary>Forgets what it knows of tokens from an index on: others take their place.</summary>
    public abstract void Truncate(int tokens);

    /// <summary>The same knowledge for a sequence that begins alike.</summary>
    public abstract KvSelector Copy();
}
