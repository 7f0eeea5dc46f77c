using CsCheck;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Texts put together from fragments at which splitting, normalizing and merging go wrong.</summary>
internal static class RandomText
{
    private static readonly string[] _fragments =
    [
        "a", "b", "x", "the", " the", "hello", " world", "don", "it", "don't", "it's", "IT'S", "we'll", "WE'LL", "they'Re", "'ve", "'D", "'m", "'", "''", "'x",
        "'\u017F", "'\u017Fx", "\u017F", "\u212A", " ", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\r", "\t", " \n", "\n ", " \n ", "\u00A0", "\u2003", "\u0085",
        "\u2028", "\u001C", "\u001F", "\u200B", "\u200D", "\uFEFF", "\u180E", "\u3000", "1", "12", "123", "1234", "3.14", "0", "\u00BD", "\u2167", "\u0663",
        "\U0001D7D8", "\u3007", "\u2460", "!", "!!", "...", "#", "_", "-", "/", "\u2014", "$", "\u20AC", "é", "e\u0301", "n\u0303", "A\u030A", "\u212B",
        "a\u0301\u0323", "a\u0323\u0301", "\u0344", "\u0301", "\u0323", "Ü", "ß", "ſt", "Ω", "\u2126", "ба", "Привет", "ال", "مَ", "\u0651\u064E", "ـ", "हि", "क\u093C", "\u0958",
        "ไทย", "你好", "\uF900", "日本", "かが", "か\u3099", "한", "\u1112\u1161\u11AB", "\u1100\u1161", "\u11A8", "\u0F71\u0F72", "😀", "👍🏽", "👩\u200D👧", "🇫🇷", "❤\uFE0F",
        "\U00010400", "\U00010428x", "\U00020000", "\U0002F800", "\U0001D15E", "\U0001D400", "\U000E0041", "\uFFFD", "\uFFFE", "\0", "\u0001", "\u007F", "Ġ", "Ċ", "▁", "<",
        "<|", "|>", "<|start|>", "<|end|>", "<|start", "<tool>", "<tool>s", "<too", " <tool> ", "\u0640", "ǅ", "ª", "ʰ", "ˆ", "²", "ệ", "e\u0323\u0302",
    ];

    /// <summary>From nothing to some dozens of fragments.</summary>
    public static Gen<string> Texts { get; } = Concatenate(_fragments);

    /// <summary>The same without what a byte-level tokenizer recognises as a token.</summary>
    public static Gen<string> PlainTexts { get; } = Concatenate([.. _fragments.Where(f => !f.Contains('<', StringComparison.Ordinal))]);

    private static Gen<string> Concatenate(string[] fragments) =>
        Gen.Int[0, fragments.Length - 1].Array[0, 40].Select(choice => string.Concat(choice.Select(i => fragments[i])));
}
