using System.Buffers;

namespace Octavo.Engine.Kv;

/// <summary>Choices by score.</summary>
internal static class Best
{
    /// <summary>The indices of the highest scores, ascending; of equal ones the last, which is the most recent.</summary>
    /// <param name="scores">Any number.</param>
    /// <param name="keep">How many.</param>
    public static int[] Of(ReadOnlySpan<float> scores, int keep)
    {
        var kept = new int[Math.Min(keep, scores.Length)];
        Into(scores, kept);
        return kept;
    }

    /// <summary>The same without allocating: the indices of as many of the highest scores as there is room for.</summary>
    /// <param name="scores">At least as many as are chosen.</param>
    /// <param name="chosen">Filled, ascending.</param>
    public static void Into(ReadOnlySpan<float> scores, Span<int> chosen)
    {
        if (chosen.IsEmpty)
            return;
        var limit = Largest(scores, chosen.Length);
        var above = 0;
        foreach (var score in scores)
            above += Rank(score) > limit ? 1 : 0;
        var equal = chosen.Length - above;
        var at = chosen.Length;
        for (var i = scores.Length - 1; at > 0; i--)
        {
            if (Rank(scores[i]) > limit || (Rank(scores[i]) == limit && equal-- > 0))
                chosen[--at] = i;
        }
    }

    // what is no number stays, so that the model's output says so
    private static float Rank(float score) => float.IsNaN(score) ? float.PositiveInfinity : score;

    /// <summary>The rank-th largest of some numbers.</summary>
    private static float Largest(ReadOnlySpan<float> numbers, int rank)
    {
        var copy = ArrayPool<float>.Shared.Rent(numbers.Length);
        for (var i = 0; i < numbers.Length; i++)
            copy[i] = Rank(numbers[i]);
        var (low, high) = (0, numbers.Length - 1);
        while (low < high)
        {
            var pivot = copy[low + ((high - low) / 2)];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (copy[i] > pivot)
                    i++;
                while (copy[j] < pivot)
                    j--;
                if (i <= j)
                    (copy[i], copy[j], i, j) = (copy[j], copy[i], i + 1, j - 1);
            }
            if (rank - 1 <= j)
                high = j;
            else if (rank - 1 >= i)
                low = i;
            else
                break;
        }
        var largest = copy[rank - 1];
        ArrayPool<float>.Shared.Return(copy);
        return largest;
    }
}
