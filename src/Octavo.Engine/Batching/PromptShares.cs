namespace Octavo.Engine.Batching;

/// <summary>Divides the rows of a step among prompts that wait: equal parts, and what a short prompt leaves goes to the others.</summary>
internal static class PromptShares
{
    /// <summary>Writes how many rows each gets; the sum is the smaller of the rows and what waits.</summary>
    /// <param name="waiting">Rows that each prompt still has; 0 where it has none.</param>
    /// <param name="rows">Rows to divide.</param>
    /// <param name="first">Who gets the odd rows first; callers turn it, so that nobody waits for ever.</param>
    /// <param name="shares">[as many as waiting]</param>
    public static void Divide(ReadOnlySpan<int> waiting, int rows, int first, Span<int> shares)
    {
        shares.Clear();
        while (rows > 0)
        {
            var open = 0;
            for (var i = 0; i < waiting.Length; i++)
                open += shares[i] < waiting[i] ? 1 : 0;
            if (open == 0)
                return;
            var part = Math.Max(1, rows / open);
            for (var i = 0; i < waiting.Length && rows > 0; i++)
            {
                var at = (first + i) % waiting.Length;
                var more = Math.Min(Math.Min(part, rows), waiting[at] - shares[at]);
                shares[at] += more;
                rows -= more;
            }
        }
    }
}
