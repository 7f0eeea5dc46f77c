using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Tasks;
using Octavo.Systems.ScBench.Tasks.ManyShot;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Tasks;

/// <summary>What holds for every task that is made from a seed.</summary>
public class SyntheticTaskTests
{
    public static TheoryData<string> Names => [.. SyntheticTasks.All.Select(task => task.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_ManySeedsAndSizes_EachQuestionHasOneAnswer(string name)
    {
        var task = SyntheticTasks.Of(name);
        for (var i = 0; i < 60; i++)
        {
            var turns = 1 + (i % 8);
            var context = task.Make((ulong)i, i, 0, task.MinSize(turns) + (i % 20), turns);
            task.Problem(context).ShouldBeNull($"seed {i}");
            context.Turns.Count.ShouldBe(turns);
            context.Turns.Select(turn => turn.Input).ShouldBeUnique();
            task.Chance(context).ShouldBeInRange(double.Epsilon, 0.5);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_SameSeed_SameBytes(string name)
    {
        string Line(ulong seed, int id, int attempt) =>
            SharedContextJson.Write(SyntheticTasks.Of(name).Make(seed, id, attempt, 30, 5));
        Line(3, 1, 2).ShouldBe(Line(3, 1, 2));
        new[] { Line(3, 1, 2), Line(4, 1, 2), Line(3, 2, 2), Line(3, 1, 3) }.ShouldBeUnique();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_WrittenAndRead_IsTheSame(string name)
    {
        var line = SharedContextJson.Write(SyntheticTasks.Of(name).Make(1, 0, 0, 40, 3));
        SharedContextJson.Write(SharedContextJson.Read(line, "here")).ShouldBe(line);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Problem_AnswerChanged_IsFound(string name)
    {
        var task = SyntheticTasks.Of(name);
        var context = task.Make(5, 0, 0, 40, 4);
        var turns = context.Turns.ToList();
        turns[1] = turns[1] with { Answer = turns[1].Answer.IsList ? turns[2].Answer : GoldAnswer.Of(turns[1].Answer.Said == "A" ? "B" : "A") };
        task.Problem(context with { Turns = turns }).ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rules_OfEveryTask_ScoreItsGoldAnswers(string name)
    {
        var rules = TaskRules.Of(name);
        foreach (var turn in SyntheticTasks.Of(name).Make(9, 2, 0, 40, 6).Turns)
        {
            rules.Of(turn).Scorer.Parity(turn.Answer.Said, turn.Answer).ShouldBe(1);
            rules.Of(turn).Scorer.Strict(turn.Answer.Said, turn.Answer).ShouldBe(1);
            rules.Of(turn).Scorer.Strict(turn.Answer.Said + "x", turn.Answer).ShouldBe(0);
        }
    }

    [Fact]
    public void Make_KeyValue_IsAsLargeAsTheReleasedRows()
    {
        // 2,500 pairs of 80 characters, the last without what separates it from a next one
        var context = SyntheticTasks.Of("kv").Make(1, 0, 0, 2500, 5);
        context.Context.Length.ShouldBe(2500 * 80);
        Regex.Count(context.Context, "\"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"").ShouldBe(5000);
    }

    [Fact]
    public void Make_PrefixSuffix_HasTheReleasedLengthOfAnEntry()
    {
        var context = SyntheticTasks.Of("prefix_suffix").Make(1, 0, 0, 6000, 5);
        (context.Context.Length / 6000.0).ShouldBe(29, 0.2);
        context.Context.Where(letter => letter is not ('[' or ']' or '"' or ',' or ' ')).ShouldAllBe(letter => letter >= 'A' && letter <= 'z' && letter != '\\');
    }

    [Fact]
    public void Make_KeyValueVariants_AreWhatTheySay()
    {
        string Context(string name) => SyntheticTasks.Of(name).Make(1, 0, 0, 200, 5).Context;
        Context("kv_words").Length.ShouldBeLessThan(Context("kv").Length / 2);
        Regex.Matches(Context("kv_compressible"), "\": \"([^\"]+)").Select(match => match.Groups[1].Value).Distinct().Count().ShouldBe(8);
        var keys = Regex.Matches(Context("kv_hard"), "\"([^\"]+)\": ").Select(match => match.Groups[1].Value).ToList();
        keys.ShouldAllBe(key => keys.Any(other => other != key && other.Zip(key).Count(pair => pair.First != pair.Second) <= 2));
    }

    [Fact]
    public void Make_AskedPairs_LieAtEveryDepth()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var context = SyntheticTasks.Of("kv").Make(seed, 0, 0, 100, 5);
            var fifths = context.Turns.Select(turn => context.Context.IndexOf(turn.Answer.Said, StringComparison.Ordinal) * 5 / context.Context.Length);
            fifths.Order().ShouldBe([0, 1, 2, 3, 4]);
        }
    }

    [Fact]
    public void Make_ManyShot_RowsTakeTheKindsInTurn() =>
        Enumerable.Range(0, 6).Select(id => new ManyShotTask().Make(1, id, 0, 4, 2).Task).ShouldBe(["date", "salient", "tracking7", "date", "salient", "tracking7"]);

    [Fact]
    public void Make_Needles_TurnsAlternate() =>
        new NeedleTask().Make(1, 0, 0, 40, 8).Turns.Select(turn => turn.Task).Distinct().ShouldBe(["scbench_passkey", "scbench_kv"]);

    [Fact]
    public void Of_UnknownName_ListsTheTasks() => Should.Throw<ConfigException>(() => SyntheticTasks.Of("tea")).Message.ShouldContain("many_shot");

    [Fact]
    public void Make_SizeTooSmall_IsRefused() => Should.Throw<ArgumentOutOfRangeException>(() => new PrefixSuffixTask().Make(1, 0, 0, 14, 5));
}
