using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Running;

public class PredictionTests
{
    [Fact]
    public void Write_Read_GivesTheSame()
    {
        foreach (var gold in new[] { GoldAnswer.Of("a \"b\""), GoldAnswer.Of(7), GoldAnswer.OfList(["x", "y"]) })
        {
            var written = PredictionJson.Write(Row(3, 2, "a\nb", gold));
            var read = PredictionJson.Read(written, "here");
            PredictionJson.Write(read).ShouldBe(written);
            (read.Gold.Said, read.Mode, read.History, read.Answer.Prediction).ShouldBe((gold.Said, ContextMode.MultiTurn, AnswerHistory.Self, "a\nb"));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("[1]")]
    public void Read_NoPrediction_IsRefusedWithItsPlace(string line) =>
        Should.Throw<InputFileException>(() => PredictionJson.Read(line, "file:3")).Message.ShouldStartWith("file:3: no prediction");

    [Fact]
    public void Judged_ScoresThatWereChanged_AreThoseOfTheScorer()
    {
        var judged = (Row(0, 1, "so: red-fox it is", GoldAnswer.Of("red-fox")) with { Parity = 0.25, Strict = 0.75 }).Judged();
        (judged.Parity, judged.Strict).ShouldBe((1.0, 0.0));
    }

    [Fact]
    public void TurnScores_Predictions_AreMeansOfTurns()
    {
        var scores = TurnScores.Of(
        [
            Row(0, 1, "v", GoldAnswer.Of("v")).Judged(), Row(0, 2, "w", GoldAnswer.Of("v")).Judged(),
            Row(1, 1, "v", GoldAnswer.Of("v")).Judged(), Row(1, 2, "v", GoldAnswer.Of("v")).Judged(),
            Row(0, 1, "w", GoldAnswer.Of("v")).Judged() with { Kv = "other" },
        ]);
        scores.Select(row => (row.Kv, row.Rows, row.Mean)).ShouldBe([("full", 2, 75), ("other", 1, 0)]);
        scores[0].Parity.ShouldBe([100, 50]);
        (scores[0].StoredBytes, scores[0].PeakBytes).ShouldBe((150, 201));
        scores[0].FirstTokenMs.ShouldBe(20);
    }

    private static Prediction Row(long id, int turn, string prediction, GoldAnswer gold) => new(
        id, "kv", "kv", ContextMode.MultiTurn, AnswerHistory.Self, "full", gold, 0,
        new TurnAnswer(turn, prediction, 9, 2, 100 + (id * 100), 200 + id, TimeSpan.FromMilliseconds(10 * turn), TimeSpan.FromMilliseconds(2)), 0, 0);
}
