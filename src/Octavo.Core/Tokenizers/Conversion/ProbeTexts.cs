using System.Text;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Texts over which two tokenizers must agree before one of them is written in the place of the other.</summary>
internal static class ProbeTexts
{
    private const int MixedTexts = 2048;
    private const int PiecesPerText = 6;

    /// <summary>Texts that tell known ways of cutting, normalizing and joining apart.</summary>
    public static IReadOnlyList<string> Plain { get; } =
    [
        "", "a", "Hello, world!", "The quick brown fox jumps over the lazy dog.",
        "It's what they've said: we'll see, I'd say, don't you?", "IT'S WE'LL THEY'RE I'M Don'T", "it\u2019s don\u2019t",
        "camelCase PascalCase snake_case SCREAMING_CASE HTTPServer iPhone", "naïve façade coöperate Ünïcödé ÉCOLE",
        "1 12 123 1234 12345 123456 1234567890", "3.14159 1,000,000 2024-01-31 10:30 +44 7700 900123 x1y22z333",
        "½ Ⅷ ² ① 〇 ٣٤٥ १२३ 𝟘𝟙", " a", "  a", "   a", "    a", "a ", "a  ", "a    b", "a\tb", "\t\ta", "\na", "a\nb", "a\n\nb",
        "a\n\n\nb", "a \n b", "a\r\nb", "a\r\n\r\n  b", "\n\n   \n\t x  \n", " ", "  ", "   ", "\n", "\n\n", "\t", " \n ",
        "a" + new string(' ', 37) + "b", new string(' ', 64), new string('\n', 9), new string('a', 67),
        new string('-', 43) + "=" + new string('=', 31),
        "def f(x, y=3):\n    return {'a': [x ** 2, y // 7], \"b\": f\"{x!r}\"}\n",
        "for (int i = 0; i < 10; ++i) { s += a[i] * 2; } // done\n\n\treturn;",
        "<html><body class=\"x\">&amp;&lt;</body></html>",
        "https://example.org/a/b?c=d&e=%20f#g user@example.org C:\\path\\file.txt ../x/*.cs", "SELECT * FROM t WHERE a<>'b';",
        "!!! ??? ... -- — – “quoted” ‘single’ «angle» (a) [b] {c} #tag @name $5 €10 £3 50% a&b a|b ~ ^ ` \\", "…，。！？、；：（）",
        "a/b//c\n/d", "a!\n?b", "a.\n\nB", "'", "''", "'s", "a's'S", "مرحبا بالعالم، كيف حالك؟ ١٢٣", "السَّلَامُ عَلَيْكُمْ",
        "ـــ ال", "שלום עולם", "हिन्दी में लिखा हुआ", "ภาษาไทยไม่มีช่องว่าง", "你好，世界！今天天气怎么样？", "日本語のテキスト、カタカナとひらがな。",
        "한국어 텍스트입니다", "Привет, мир! Съешь ещё этих мягких булок", "Γειά σου Κόσμε ΑΣ ας", "Tiếng Việt có dấu ệ", "a日本1234语b",
        "😀", "👍🏽 👩\u200D👧 🇫🇷 ❤\uFE0F", "a😀b 😀😀", "𐐀𐐨 𝐀𝐁 𠀀", "e\u0301 n\u0303 A\u030A a\u0323\u0301",
        "\u212B \u2126 \uF900 \u1112\u1161\u11AB か\u3099 \u0958", "ﬁ ﬀ ｆｕｌｌ ＡＢＣ １２３ ㎏ ™", "ǅ ª ʰ ſt K ß ẞ İ ı", "a\u00A0b",
        "a\u2003b", "a\u3000b", "a\u0085b", "a\u2028b", "a\u200Bb", "a\u200Db", "\uFEFFa", "a\u00ADb",
        "\0 \u0001 \u001C \u007F", "\uFFFD \uFFFE", "▁", "▁a", "a▁b ▁▁", "Ġa Ċ Ġ", "##a a##b", "<0x0A> <0xE2>", "<", "<|", "|>",
        "<|x|>", "[PAD0] [UNK] [CLS]",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.",
        new string('x', 130), string.Concat(Enumerable.Repeat("word1 Word2, ", 40)),
    ];

    /// <summary>The texts around the tokens that a tokenizer finds whole, and those that its pieces stand for, alone and mixed.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="skip">A token whose spelling is left out, or -1.</param>
    public static IEnumerable<string> Of(VocabularyTokenizer tokenizer, int skip = -1)
    {
        var vocabulary = tokenizer.Vocabulary;
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (id != skip && vocabulary.Kind(id) is TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined or TokenKind.Unused)
            {
                foreach (var text in Around(vocabulary.Piece(id)))
                    yield return text;
            }
        }
        List<string> pieces = [];
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.Kind(id) == TokenKind.Normal && Spelling(tokenizer, id) is { Length: > 0 } text)
                pieces.Add(text);
        }
        foreach (var piece in pieces)
            yield return piece;
        var random = new SeededRandom(1);
        for (var i = 0; i < MixedTexts && pieces.Count > 0; i++)
            yield return string.Concat(Enumerable.Range(0, PiecesPerText).Select(_ => pieces[random.Next(pieces.Count)]));
    }

    private static string[] Around(string token) =>
        [token, $"a{token}b", $"a {token} b", $"{token}{token}\n{token}", $"  {token}  x", $"é{token}é 1", token[..^1], token.ToUpperInvariant()];

    // What text a piece comes from; null where it is no whole text.
    private static string? Spelling(VocabularyTokenizer tokenizer, int id)
    {
        var piece = tokenizer.Vocabulary.Piece(id);
        if (piece.Length == 0)
            return null;
        Span<byte> bytes = new byte[piece.Length * 3];
        if (tokenizer is Bpe.ByteLevelTokenizer && ByteAlphabet.Decode(piece, bytes) is >= 0 and var count)
            return System.Text.Unicode.Utf8.IsValid(bytes[..count]) ? Encoding.UTF8.GetString(bytes[..count]) : null;
        return piece.Replace(SentencePieceModel.Space, ' ');
    }
}
