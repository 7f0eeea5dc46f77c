using Octavo.Evaluation.TextMetrics;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.TextMetrics;

/// <summary>Hand-computed cases; the goldens have the packages' own figures.</summary>
public class TextMetricTests
{
    [Fact]
    public void TokenF1_SharedWords_IsTheHarmonicMean()
    {
        // "red" once of two: 2 of 3 are right, 2 of 2 are found
        TokenF1.Of(["red", "red", "bridge"], (string[])["red", "bridge"]).ShouldBe(0.8, 1e-12);
        TokenF1.Of(["blue"], (string[])["red"]).ShouldBe(0);
        TokenF1.Of([], Array.Empty<string>()).ShouldBe(0);
    }

    [Fact]
    public void SentenceBleu_OrdersWithoutMatch_AreSmoothed()
    {
        // a b: 2/2, 1/1, then ln 2 / 10 and ln 2 / 20 of one each
        var expected = Math.Pow(Math.Log(2) / 10 * (Math.Log(2) / 20), 0.25);
        SentenceBleu.Of(["a", "b"], ["a", "b"]).ShouldBe(expected, 1e-12);
        SentenceBleu.Of(["a"], ["a"]).ShouldBe(1);
        SentenceBleu.Of(["x", "y"], ["a", "b"]).ShouldBe(0);
        SentenceBleu.Of(["a", "b", "c", "d"], ["a", "b", "c", "d", "e"]).ShouldBe(Math.Exp(-0.25), 1e-12);
    }

    [Fact]
    public void Rouge_LSum_CountsATokenAsOftenAsBothHaveIt()
    {
        // lines of the reference find "the cat" and "the"; the prediction has one "the"
        var score = new Rouge().LSum("the cat", "the cat\nthe dog");
        score.Precision.ShouldBe(1, 1e-12);
        score.Recall.ShouldBe(0.5, 1e-12);
        score.F.ShouldBe(2.0 / 3, 1e-12);
    }

    [Fact]
    public void Rouge_Orders_AreRunsOfTokens()
    {
        new Rouge().N("a b c", "a b d", 2).F.ShouldBe(0.5, 1e-12);
        new Rouge().N("a", "a", 2).F.ShouldBe(0);
        new Rouge().L("a x b", "a b").Recall.ShouldBe(1);
        new Rouge { Stem = true }.N("running cats", "run cat", 1).F.ShouldBe(1);
        // three letters are no stem's business: Porter's own stem of "was" is "wa"
        new Rouge { Stem = true }.N("was", "wa", 1).F.ShouldBe(0);
    }

    [Fact]
    public void Rouge_AnotherScript_CountsIfAsked()
    {
        new Rouge().L("نص عربي", "نص عربي").F.ShouldBe(0);
        new Rouge { AnyScript = true }.L("نص عربي", "نص عربي").F.ShouldBe(1);
    }

    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ties", "tie")]
    [InlineData("flies", "fli")]
    [InlineData("agreed", "agre")]
    [InlineData("hopping", "hop")]
    [InlineData("filing", "file")]
    [InlineData("happy", "happi")]
    [InlineData("enjoy", "enjoy")]
    [InlineData("relational", "relat")]
    [InlineData("adoption", "adopt")]
    [InlineData("controlling", "control")]
    [InlineData("skies", "sky")]
    [InlineData("is", "is")]
    public void Stem_AWord_IsItsStem(string word, string stem) => PorterStemmer.Stem(word).ShouldBe(stem);

    [Fact]
    public void SquadAnswer_Words_LeaveOutArticlesAndMarks() => SquadAnswer.Words("The  Red-Bridge, a theatre!").ShouldBe(["redbridge", "theatre"]);
}
