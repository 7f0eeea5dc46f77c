namespace Octavo.Engine.Running;

/// <summary>One row of a batch: a token of a sequence.</summary>
/// <param name="Sequence">Which of the call's caches it belongs to.</param>
/// <param name="Token">Its id.</param>
/// <param name="Position">Its place in the sequence; decides rotation and visibility.</param>
/// <param name="Slot">Its place among the sequence's tokens: where a cache that is not compressed stores its key and value.</param>
/// <param name="Wanted">What it gives back.</param>
/// <param name="Type">Which text of a pair it belongs to.</param>
/// <param name="Adapter">The slot of the adapter that it is run with; 0 for none.</param>
internal readonly record struct Row(int Sequence, int Token, int Position, int Slot, Wanted Wanted, int Type = 0, int Adapter = 0);

/// <summary>What a row gives back.</summary>
internal enum Wanted
{
    /// <summary>Nothing: it only fills the cache.</summary>
    Nothing,
    /// <summary>The output of the call's head.</summary>
    Head,
}
