using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>A small vocabulary of common words, most of which are one or two tokens for any tokenizer.</summary>
internal static class Words
{
    /// <summary>Words that say how something is.</summary>
    public static IReadOnlyList<string> Adjectives { get; } =
    [
        "amber", "blue", "brown", "calm", "clean", "cold", "copper", "dark", "deep", "dry", "early", "flat", "gentle", "golden", "gray", "green",
        "heavy", "hollow", "iron", "large", "late", "light", "little", "long", "narrow", "new", "old", "orange", "pale", "plain", "purple", "quick",
        "quiet", "red", "rough", "round", "sharp", "short", "silver", "slow", "small", "smooth", "soft", "steep", "strong", "thin", "warm", "white",
        "wide", "yellow",
    ];

    /// <summary>Words for things.</summary>
    public static IReadOnlyList<string> Nouns { get; } =
    [
        "anchor", "apple", "arrow", "barn", "basket", "bell", "bench", "boat", "book", "bottle", "box", "bridge", "brush", "button", "candle",
        "carpet", "chain", "chair", "clock", "cloud", "coat", "coin", "cup", "curtain", "desk", "door", "drum", "feather", "fence", "field",
        "flag", "flower", "forest", "garden", "gate", "glass", "glove", "hammer", "harbor", "hat", "hill", "horse", "house", "island", "jar",
        "kettle", "key", "ladder", "lake", "lamp", "lantern", "leaf", "letter", "map", "mirror", "mountain", "needle", "orchard", "oven", "paper",
        "pencil", "piano", "plate", "pocket", "river", "road", "roof", "rope", "sail", "shell", "ship", "shoe", "spoon", "stone", "table", "tower",
        "train", "tree", "tunnel", "valley", "wagon", "wall", "wheel", "window",
    ];

    /// <summary>A name of an adjective and so many nouns, joined by hyphens.</summary>
    public static string Name(SeededRandom random, int nouns = 1) =>
        string.Join('-', Enumerable.Range(0, nouns).Select(_ => random.Pick(Nouns)).Prepend(random.Pick(Adjectives)));

    /// <summary>How many different names there are.</summary>
    public static double Names(int nouns) => Adjectives.Count * Math.Pow(Nouns.Count, nouns);
}
