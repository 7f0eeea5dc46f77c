using System.Text.Json;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Checkpoints;
using Shouldly;

namespace Octavo.UnitTests.Training.Checkpoints;

public class TrainerStateTests
{
    private static TrainerState Example => new()
    {
        Format = TrainerState.CurrentFormat,
        Step = 12,
        Epoch = 1,
        Tokens = 9_007_199_254_740_993,
        AccumulationIndex = 3,
        DataPosition = JsonSerializer.SerializeToElement(new { Epoch = 1, Row = 77L }),
        Schedule = new ScheduleState("linear", 0.1 + 0.2, 3, 100),
        RandomStates = new Dictionary<string, byte[]> { ["torch"] = [0, 255, 7], ["data"] = [] },
        BestMetric = 1.0 / 3,
        BestStep = 10,
        ConfigHash = "abc",
        Config = new Dictionary<string, string> { ["seed"] = "42" },
        Versions = new Dictionary<string, string> { ["octavo"] = "0.1.0" },
    };

    [Fact]
    public void ToPart_ReadBack_IsTheSameToTheLastBit()
    {
        using var folder = new TemporaryFolder();
        using var store = CheckpointStore.Open(folder.File("run"), null, _ => { });
        var read = TrainerState.Of(store.Save(12, [Example.ToPart()]));
        (read.Step, read.Epoch, read.Tokens, read.AccumulationIndex).ShouldBe((12, 1, 9_007_199_254_740_993, 3));
        read.Schedule.ShouldBe(Example.Schedule);
        (read.BestMetric, read.BestStep, read.ConfigHash).ShouldBe((1.0 / 3, 10L, "abc"));
        read.DataPosition.GetRawText().Where(letter => !char.IsWhiteSpace(letter)).ShouldBe("{\"Epoch\":1,\"Row\":77}");
        read.RandomStates["torch"].ShouldBe([0, 255, 7]);
        read.RandomStates["data"].ShouldBeEmpty();
        read.Config.ShouldBe(Example.Config);
        read.Versions.ShouldBe(Example.Versions);
    }

    [Theory]
    [InlineData("{}", "no state of a run")]
    [InlineData("null", "empty")]
    [InlineData("[", "no state of a run")]
    public void Of_Damaged_IsRefused(string json, string said)
    {
        using var folder = new TemporaryFolder();
        using var store = CheckpointStore.Open(folder.File("run"), null, _ => { });
        var saved = store.Save(12, [CheckpointPart.Of(TrainerState.FileName, System.Text.Encoding.UTF8.GetBytes(json))]);
        Should.Throw<CheckpointException>(() => TrainerState.Of(saved)).Message.ShouldContain(said);
    }

    [Fact]
    public void Of_AnotherStepOrFormat_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var store = CheckpointStore.Open(folder.File("run"), null, _ => { });
        Should.Throw<CheckpointException>(() => TrainerState.Of(store.Save(13, [Example.ToPart()])))
            .Message.ShouldContain("of step 12 in a checkpoint of step 13");
        Should.Throw<CheckpointException>(() => TrainerState.Of(store.Save(12, [(Example with { Format = 2 }).ToPart()])))
            .Message.ShouldContain("format 2");
    }
}
