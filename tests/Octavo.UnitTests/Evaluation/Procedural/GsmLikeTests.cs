using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Procedural.Gsm;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Procedural;

public class GsmLikeTests
{
    private const int Gram = 5;

    private static readonly string[] _splits = ["train", "dev", "test"];

    [Theory]
    [InlineData("train")]
    [InlineData("dev")]
    [InlineData("test")]
    [InlineData("test-range")]
    public void Generate_EverySplitAndLength_GivesDifferentRowsWithSoManyEquations(string split)
    {
        foreach (var steps in new[] { 1, 2, 3 })
        {
            var rows = new GsmLike { Steps = steps }.Generate(7, split, 200).ToList();
            rows.Select(row => row.Question).Distinct().Count().ShouldBe(200);
            rows.ShouldAllBe(row => Regex.Count(row.Target, " = ") == steps);
            rows.ShouldAllBe(row => !row.Question.Contains('{') && !row.Target.Contains('{'));
        }
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameRows_AndAnotherSeedOthers()
    {
        var first = new GsmLike().Generate(1, "train", 50).ToList();
        new GsmLike().Generate(1, "train", 50).ShouldBe(first);
        new GsmLike().Generate(2, "train", 50).Select(row => row.Question).Intersect(first.Select(row => row.Question)).Count().ShouldBeLessThan(10);
    }

    [Fact]
    public void Generate_Ranges_HaveNoProblemInCommon()
    {
        var task = new GsmLike { Steps = 2 };
        task.Generate(3, "train", 300).SelectMany(row => Numbers(row.Question + row.Target)).Max().ShouldBeLessThanOrEqualTo(task.Largest);
        task.Generate(3, "test-range", 300).Select(row => Numbers(row.Question + row.Target).Max())
            .ShouldAllBe(largest => largest > task.Largest && largest <= 2 * task.Largest);
    }

    [Fact]
    public void Themes_OfTwoSplits_ShareNoSentenceAndNoFiveWords()
    {
        foreach (var (one, other) in new[] { ("train", "dev"), ("train", "test"), ("dev", "test") })
        {
            var (sentences, others) = (Sentences(one), Sentences(other));
            sentences.Intersect(others).ShouldBeEmpty($"{one} and {other}");
            sentences.SelectMany(Grams).Intersect(others.SelectMany(Grams)).ShouldBeEmpty($"{one} and {other}");
        }
    }

    [Fact]
    public void Generate_Questions_ShareNoFiveWordsOfASentenceAcrossSplits()
    {
        // Names, things and numbers are masked: what is left is how a problem is told.
        var grams = _splits.ToDictionary(split => split, split => new GsmLike().Generate(5, split, 400)
            .SelectMany(row => Regex.Split(row.Question[..^GsmLike.Instruction.Length], @"(?<=[.?]) ").SelectMany(MaskedGrams)).ToHashSet());
        grams["train"].Count.ShouldBeGreaterThan(500);
        grams["train"].Intersect(grams["test"]).ShouldBeEmpty();
        grams["train"].Intersect(grams["dev"]).ShouldBeEmpty();
        grams["dev"].Intersect(grams["test"]).ShouldBeEmpty();
    }

    [Fact]
    public void Generate_Worked_WritesTensThenOnes_AndAsksTheSame()
    {
        var rows = new GsmLike { Steps = 2, Worked = true }.Generate(7, "train", 200).ToList();
        rows.Select(row => (row.Question, row.Answer)).ShouldBe(new GsmLike { Steps = 2 }.Generate(7, "train", 200).Select(row => (row.Question, row.Answer)));
        rows.Count(row => Regex.IsMatch(row.Target, @"(\d+) ([-+]) (\d+) = \1 \2 \d*0 \2 \d = \d+ \2 \d = \d+")).ShouldBeGreaterThan(100);
        var wrong = rows[0] with { Target = "35 - 28 = 35 - 20 - 8 = 25 - 8 = 17.\n#### 17", Question = "35 28", Answer = "17" };
        new GsmLike { Worked = true }.Problem(wrong)!.ShouldContain("does not hold");
    }

    [Fact]
    public void Problem_WrongSteps_AreFound()
    {
        var row = new GsmLike { Steps = 2 }.Generate(1, "train", 1).Single();
        var task = new GsmLike { Steps = 2 };
        task.Problem(row).ShouldBeNull();
        task.Problem(row with { Answer = "999" }).ShouldNotBeNull();
        task.Problem(row with { Target = "1 + 1 = 3.\n#### 3", Answer = "3" }).ShouldNotBeNull();
        task.Problem(row with { Target = $"#### {row.Answer}" }).ShouldNotBeNull();
    }

    [Fact]
    public void Generate_UnknownSplitOrNoRows_IsRefused()
    {
        Should.Throw<ConfigException>(() => new GsmLike().Generate(0, "validation", 1)).Message.ShouldContain("test-range");
        Should.Throw<ConfigException>(() => new GsmLike().Generate(0, "train", 0));
    }

    [Fact]
    public void RowJson_Row_ComesBackAsItWas()
    {
        var row = new GsmLike().Generate(9, "dev", 1).Single();
        RowJson.Read(RowJson.Write(row), "line 1").ShouldBe(row);
    }

    private static HashSet<string> Sentences(string split) => [.. GsmLike.Themes(split).SelectMany(theme => theme.Sentences)];

    private static IEnumerable<string> Grams(string sentence) => Grams(Words(sentence));

    private static IEnumerable<string> MaskedGrams(string sentence)
    {
        foreach (var (at, _) in GsmCast.Places)
            sentence = Regex.Replace(sentence, $"\\b{at}\\b", "PLACE", RegexOptions.IgnoreCase);
        var names = GsmCast.Names.Select(name => name.Name.ToLowerInvariant()).ToHashSet();
        var things = GsmCast.Things.Concat(GsmCast.Places.Select(place => place.Things)).Concat(GsmCast.Trades.SelectMany(trade => new[] { trade.Things, trade.Trade })).ToHashSet();
        return Grams([.. Words(sentence).Select(word => names.Contains(word) ? "NAME" : things.Contains(word) ? "THING" : char.IsDigit(word[0]) ? "NUMBER" : word)]);
    }

    private static List<string> Words(string sentence) => [.. Regex.Matches(sentence.ToLowerInvariant(), @"\{?[\w'-]+\}?").Select(match => match.Value)];

    private static IEnumerable<string> Grams(List<string> words) =>
        Enumerable.Range(0, Math.Max(0, words.Count - Gram + 1)).Select(at => string.Join(' ', words.Skip(at).Take(Gram)));

    private static IEnumerable<int> Numbers(string text) => Regex.Matches(text, @"\d+").Select(match => int.Parse(match.Value));
}
