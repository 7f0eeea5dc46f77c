using CsCheck;
using Octavo.Core.Tokenizers.Training;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Training;

public class MergeLearnerTests
{
    // Few letters, so that runs and overlaps are common.
    private static readonly Gen<(string Word, long Times)[]> _words =
        Gen.Select(Gen.Char["aab bcé"].Array[1, 12].Select(letters => new string(letters)), Gen.Long[1, 5]).Array[1, 12];

    [Fact]
    public void Learn_RandomWords_GivesTheMergesOfThePlainWay() => _words.Sample(
        words =>
        {
            var learner = Learn(words, 25, 1);
            var (merges, tokens) = NaiveMerges.Learn(Distinct(words), 25, 1);
            Spelt(learner).ShouldBe(merges);
            learner.Symbols.ShouldBe(tokens);
        },
        iter: 500, threads: 1);

    [Fact]
    public void Learn_English_GivesTheMergesOfThePlainWay()
    {
        var words = TrainingTexts.English.Split(' ').Select(word => (" " + word, 1L)).ToArray();
        var (merges, tokens) = NaiveMerges.Learn(Distinct(words), 150, 2);
        var learner = Learn(words, 150, 2);
        Spelt(learner).ShouldBe(merges);
        learner.Symbols.ShouldBe(tokens);
        // then no pair stands twice any more
        merges.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Learn_EqualCounts_TakesTheLowestLeftIdThenTheLowestRight() =>
        Spelt(Learn([("ba", 3), ("ad", 3), ("ac", 3), ("zz", 2)], 10, 1)).ShouldBe([("a", "c"), ("a", "d"), ("b", "a"), ("z", "z")]);

    [Fact]
    public void Learn_RunsOfOneLetter_AreJoinedFromTheLeft()
    {
        // aa aa a, then the later aa with the last a, whose id is lower than that of aa, then both
        var learner = Learn([("aaaaa", 1)], 10, 1);
        Spelt(learner).ShouldBe([("a", "a"), ("aa", "a"), ("aa", "aaa")]);
        learner.Symbols.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 1)]
    [InlineData(9, 0)]
    public void Learn_RarePairs_AreNotMerged(long minFrequency, int merges)
    {
        var learner = Learn([("ab", 8), ("cd", 4), ("ef", 3)], 10, minFrequency);
        learner.Merges.Count.ShouldBe(merges);
        learner.LastWeight.ShouldBe(merges switch { 3 => 3, 2 => 4, 1 => 8, _ => 0 });
    }

    [Fact]
    public void Learn_Cancelled_Stops() =>
        Should.Throw<OperationCanceledException>(() => new MergeLearner(Table([("ab", 2)])).Learn(300, 1, null, new CancellationToken(true)));

    private static MergeLearner Learn((string Word, long Times)[] words, int merges, long minFrequency)
    {
        var learner = new MergeLearner(Table(words));
        learner.Learn(256 + merges, minFrequency, null, CancellationToken.None);
        return learner;
    }

    private static WordTable Table((string Word, long Times)[] words)
    {
        var table = new WordTable(1000);
        foreach (var (word, times) in words)
            table.Add(word, times);
        return table;
    }

    private static IEnumerable<(string, long)> Distinct((string Word, long Times)[] words) =>
        words.GroupBy(word => word.Word).Select(group => (group.Key, group.Sum(word => word.Times)));

    private static List<(string, string)> Spelt(MergeLearner learner) =>
        [.. learner.Merges.Select(merge => (learner.Pieces[merge.Left], learner.Pieces[merge.Right]))];
}
