using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>What tasks draw from a stream of random numbers.</summary>
internal static class Draws
{
    /// <summary>One of some things.</summary>
    public static T Pick<T>(this SeededRandom random, IReadOnlyList<T> all) => all[random.Next(all.Count)];

    /// <summary>A whole number in [from, to].</summary>
    public static int Between(this SeededRandom random, int from, int to) => from + random.Next(to - from + 1);

    /// <summary>Puts a list into an order that is drawn.</summary>
    public static void Shuffle<T>(this SeededRandom random, IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Draws until a text comes that is not in a set yet, and adds it.</summary>
    public static string Unique(HashSet<string> known, Func<string> draw)
    {
        string text;
        do
            text = draw();
        while (!known.Add(text));
        return text;
    }

    /// <summary>
    /// Places of a list, one from each of <paramref name="count"/> equal parts of it, in an order that is drawn: so that answers lie at
    /// every depth of the context, whichever turn asks for them.
    /// </summary>
    public static int[] Depths(this SeededRandom random, int length, int count)
    {
        var places = new int[count];
        for (var part = 0; part < count; part++)
        {
            var (from, to) = ((int)((long)part * length / count), (int)((long)(part + 1) * length / count));
            places[part] = from + random.Next(to - from);
        }
        random.Shuffle(places);
        return places;
    }

    /// <summary>A random UUID of version 4.</summary>
    public static string Uuid(this SeededRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, random.NextUInt64());
        BitConverter.TryWriteBytes(bytes[8..], random.NextUInt64());
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        var hex = Convert.ToHexStringLower(bytes);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }

    /// <summary>So many letters A to Z.</summary>
    public static string Capitals(this SeededRandom random, int count) =>
        string.Create(count, random, (letters, source) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = (char)('A' + source.Next(26));
        });
}
