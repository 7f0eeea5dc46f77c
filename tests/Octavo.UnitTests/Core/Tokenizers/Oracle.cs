using CsCheck;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Compares with the library that tokenizer.json comes from.</summary>
internal static class Oracle
{
    /// <summary>Ids and texts over random texts.</summary>
    public static void CompareOver(string path, int count)
    {
        var tokenizer = TokenizerReader.FromJson(path);
        using var oracle = new global::Tokenizers.DotNet.Tokenizer(path);
        RandomText.Texts.Sample(text => Compare(tokenizer, oracle, text), iter: count, threads: 1);
    }

    public static void Compare(Tokenizer tokenizer, global::Tokenizers.DotNet.Tokenizer oracle, string text)
    {
        var expected = oracle.Encode(text).Select(id => (int)id).ToArray();
        tokenizer.Encode(text, addSpecial: true).Select(token => token.Id).ShouldBe(expected, text);
        var decoded = oracle.Decode([.. expected.Select(id => (uint)id)]);
        tokenizer.Decode(expected).ShouldBe(decoded);
        var stream = tokenizer.CreateDecoder();
        (string.Concat(expected.Select(stream.Append)) + stream.Flush()).ShouldBe(decoded);
    }

    private static bool IsLarge(int scalar) =>
        scalar is >= 0x3400 and < 0xA000 or >= 0xAC00 and < 0xD7A0 or >= 0x17000 and < 0x1B000 or >= 0x20000;
}
