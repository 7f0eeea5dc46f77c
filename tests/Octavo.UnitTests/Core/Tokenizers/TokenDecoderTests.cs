using System.Text;
using CsCheck;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

public class TokenDecoderTests
{
    private static readonly Tokenizer _bytes = TokenizerFolder.Open(TinyTokenizer.Json());

    [Fact]
    public void Append_BytesOfOneCharacter_ComeOutWithTheLast()
    {
        var decoder = _bytes.CreateDecoder();
        Encoding.UTF8.GetBytes("😀").Select(b => decoder.Append(b)).ShouldBe(["", "", "", "😀"]);
        decoder.Flush().ShouldBe("");
    }

    [Fact]
    public void Append_ByteThatEndsNoCharacter_GivesTheReplacementAtOnce()
    {
        var decoder = _bytes.CreateDecoder();
        decoder.Append(0xF0).ShouldBe("");
        decoder.Append(0x9F).ShouldBe("");
        decoder.Append('a').ShouldBe("\uFFFDa");
        decoder.Append(0x80).ShouldBe("\uFFFD");
        decoder.Append(0xE2).ShouldBe("");
        decoder.Flush().ShouldBe("\uFFFD");
        decoder.Append('b').ShouldBe("b");
    }

    [Fact]
    public void Append_SpecialToken_IsLeftOutOrSpelt()
    {
        var end = _bytes.IdOf("<|end|>")!.Value;
        _bytes.CreateDecoder().Append(end).ShouldBe("");
        _bytes.CreateDecoder(skipSpecial: false).Append(end).ShouldBe("<|end|>");
        _bytes.CreateDecoder().Append(_bytes.IdOf("<tool>")!.Value).ShouldBe("<tool>");
    }

    [Fact]
    public void Append_IdBeyondTheVocabulary_GivesNoText()
    {
        _bytes.CreateDecoder().Append(_bytes.VocabularySize).ShouldBe("");
        _bytes.Decode(['a', int.MaxValue, 'b']).ShouldBe("ab");
        Should.Throw<ArgumentOutOfRangeException>(() => _bytes.CreateDecoder().Append(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => _bytes.Decode([-1]));
        Should.Throw<ArgumentOutOfRangeException>(() => _bytes.Piece(_bytes.VocabularySize));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Append_AnyStream_JoinsToTheWholesText(bool skipSpecial) =>
        Gen.OneOf(Gen.Int[0, _bytes.VocabularySize + 2], Gen.Int[0x80, 0xFF]).Array[0, 30].Sample(
            ids => Stream(_bytes.CreateDecoder(skipSpecial), ids).ShouldBe(_bytes.Decode(ids, skipSpecial)),
            iter: 20000);

    [Fact]
    public void Append_AnyStream_NeverGivesHalfACharacter() => RandomText.Texts.Sample(
        text =>
        {
            var decoder = _bytes.CreateDecoder(skipSpecial: false);
            var joined = new StringBuilder();
            foreach (var token in _bytes.Encode(text))
            {
                var piece = decoder.Append(token.Id);
                joined.Append(piece);
                text.ShouldStartWith(joined.ToString(), Case.Sensitive);
                (piece.Length > 0 && char.IsHighSurrogate(piece[^1])).ShouldBeFalse();
            }
            decoder.Flush().ShouldBe("");
            joined.ToString().ShouldBe(text);
        },
        iter: 1000);

    [Fact]
    public void Append_NothingComplete_AllocatesNothing()
    {
        var decoder = _bytes.CreateDecoder();
        AppendAndFinish(decoder, 100);
        // what a piece stands for is kept from the first time on
        foreach (var id in (int[])[0xF0, 0x9F, _bytes.VocabularySize - 1])
            _bytes.CreateDecoder().Append(id);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var first = decoder.Append(0xF0);
        var second = decoder.Append(0x9F);
        var special = decoder.Append(_bytes.VocabularySize - 1);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        (first + second).ShouldBe("");
        special.ShouldNotBe("");
        allocated.ShouldBeLessThan(100, "one string, for the token that is text");
    }

    private static void AppendAndFinish(TokenDecoder decoder, int times)
    {
        for (var i = 0; i < times; i++)
        {
            decoder.Append(0xC3);
            decoder.Append(0xA9);
        }
    }

    private static string Stream(TokenDecoder decoder, int[] ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
            text.Append(decoder.Append(id));
        return text.Append(decoder.Flush()).ToString();
    }
}
