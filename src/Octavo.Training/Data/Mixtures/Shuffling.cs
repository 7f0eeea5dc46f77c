using Octavo.Core;

namespace Octavo.Training.Data.Mixtures;

/// <summary>Orders that depend on a seed alone.</summary>
internal static class Shuffling
{
    /// <summary>The numbers from 0 up to <paramref name="count"/>, shuffled.</summary>
    public static int[] Permutation(int count, SeededRandom random)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var other = random.Next(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /// <summary>The random stream of a seed and two numbers.</summary>
    public static SeededRandom Stream(ulong seed, int first, int second = 0)
    {
        // a draw between the numbers keeps (0, 1) and (1, 0) apart
        var mixed = new SeededRandom(seed).NextUInt64() + (uint)first;
        return new SeededRandom(new SeededRandom(mixed).NextUInt64() + (uint)second);
    }
}
