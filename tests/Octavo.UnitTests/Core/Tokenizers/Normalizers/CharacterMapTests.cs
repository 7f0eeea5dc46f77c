using System.Buffers.Binary;
using System.Text.Json;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Tokenizers.Normalizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Normalizers;

public class CharacterMapTests
{
    [Fact]
    public void Longest_PublishedRules_RewriteAsTheyShould()
    {
        var map = CharacterMap.Read(Published(), "");
        Rewritten(map, "Ａﬁ①\u3000e\u0301…").ShouldBe("Afi1 é...");
        map.Longest("e\u0301", 0, out var length).ShouldBe("é");
        length.ShouldBe(2);
        map.Longest("e", 0, out _).ShouldBeNull();
        map.Shortest("e\u0301").ShouldBe("é");
        map.Shortest("e").ShouldBeNull();
        map.Keeps("ab", 0).ShouldBeTrue();
        map.Keeps("a\u0301", 0).ShouldBeFalse();
        map.Keeps("\t", 0).ShouldBeFalse();
    }

    [Fact]
    public void Longest_NoRules_KeepEverything()
    {
        CharacterMap.Empty.Longest("é", 0, out _).ShouldBeNull();
        CharacterMap.Read([], "").Shortest("é").ShouldBeNull();
    }

    [Theory]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 4, 0, 0, 0 })]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 0, 0, 0xFF })]
    public void Read_LengthsThatDoNotFit_AreRefused(byte[] blob) =>
        Should.Throw<InputFileException>(() => CharacterMap.Read(blob, "file: map")).Message.ShouldStartWith("file: map: the character map");

    [Fact]
    public void Longest_DamagedTrie_StaysWithinBounds()
    {
        var sound = Published();
        var size = BinaryPrimitives.ReadInt32LittleEndian(sound);
        Gen.Select(Gen.Int[4, size + 3].Array[1, 40], Gen.Byte.Array[40], Gen.Int[0, size / 4]).Sample(
            (places, values, units) =>
            {
                var blob = sound.ToArray();
                for (var i = 0; i < places.Length; i++)
                    blob[places[i]] = values[i];
                // A shorter trie leads beyond its end.
                BinaryPrimitives.WriteInt32LittleEndian(blob, units * 4);
                blob.AsSpan(4 + units * 4).Fill((byte)'x');
                Rewritten(CharacterMap.Read(blob, ""), "aé\u0301日😀\u3000ﬁ\t ");
            },
            iter: 300);
    }

    private static string Rewritten(CharacterMap map, string text)
    {
        var result = "";
        for (var at = 0; at < text.Length;)
        {
            var put = map.Longest(text, at, out var length);
            map.Shortest(text.AsSpan(at));
            length = put is null ? char.IsHighSurrogate(text[at]) ? 2 : 1 : length;
            result += put ?? text.Substring(at, length);
            at += length;
        }
        return result;
    }

    private static byte[] Published()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TokenizerFiles.Model("tokenizers/t5-like/tokenizer.json")));
        return document.RootElement.GetProperty("normalizer").GetProperty("normalizers")[0].GetProperty("precompiled_charsmap").GetBytesFromBase64();
    }
}
