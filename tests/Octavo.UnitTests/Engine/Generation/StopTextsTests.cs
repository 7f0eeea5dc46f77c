using CsCheck;
using Octavo.Engine.Generation;
using Shouldly;

namespace Octavo.UnitTests.Engine.Generation;

public class StopTextsTests
{
    [Theory]
    [InlineData("ab|c END d", "END", "abc ")]
    [InlineData("ab E|N|D d", "END", "ab ")]
    [InlineData("EEN|D", "END", "E")]
    [InlineData("no stop| here", "END", "no stop here")]
    [InlineData("EN", "END", "EN")]
    [InlineData("aab", "ab,b", "a")]
    [InlineData("x\n|\ny", "\n\n", "x")]
    public void Append_Pieces_ShowsTextBeforeTheFirstStop(string pieces, string stops, string shown)
    {
        var matcher = new StopTexts(stops.Split(','));
        var text = "";
        foreach (var piece in pieces.Split('|'))
        {
            text += matcher.Append(piece);
            if (matcher.Found)
                break;
        }
        if (!matcher.Found)
            text += matcher.Flush();
        text.ShouldBe(shown);
    }

    [Fact]
    public void Append_PartOfAStop_IsHeldBack()
    {
        var matcher = new StopTexts(["<end>"]);
        matcher.Append("a<e").ShouldBe("a");
        matcher.Append("x").ShouldBe("<ex");
    }

    [Fact]
    public void Append_AnyCutting_EqualsTheWholeText()
    {
        var texts = Gen.String[Gen.Char["abc"], 0, 30];
        Gen.Select(texts, Gen.String[Gen.Char["abc"], 1, 4].List[1, 3], Gen.Int[1, 5]).Sample((text, stops, size) =>
        {
            var matcher = new StopTexts(stops);
            var shown = "";
            for (var at = 0; at < text.Length && !matcher.Found; at += size)
                shown += matcher.Append(text.Substring(at, Math.Min(size, text.Length - at)));
            if (!matcher.Found)
                shown += matcher.Flush();
            // A stop that begins earlier may be completed by a later piece, after a shorter one was found.
            var firsts = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).ToList();
            return firsts.Count == 0 ? shown == text : text.StartsWith(shown, StringComparison.Ordinal) && shown.Length >= firsts.Min()
                && stops.Any(stop => text.AsSpan(shown.Length).StartsWith(stop));
        });
    }
}
