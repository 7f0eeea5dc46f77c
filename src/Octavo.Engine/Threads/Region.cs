namespace Octavo.Engine.Threads;

/// <summary>Work that is cut into items which any thread may take. Made once and reused, so that dispatching allocates nothing.</summary>
internal abstract class Region
{
    /// <summary>Does one item. Items of one run touch different outputs.</summary>
    /// <param name="item">From 0 to the number of items.</param>
    /// <param name="worker">The thread's number, for scratch of its own.</param>
    public abstract void Run(int item, int worker);
}
