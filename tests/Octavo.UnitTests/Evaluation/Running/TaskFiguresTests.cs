using Octavo.Cli.Output;
using Octavo.Evaluation.Running;
using Octavo.Evaluation.Tasks;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Running;

public class TaskFiguresTests
{
    [Fact]
    public void Of_Answers_HaveTheShareThatStoppedBehindTheTasksFigures()
    {
        var figures = TaskFigures.Of(new GsmLikeEvaluation(1), "test", [Record(true), Record(false), Record(true), Record(true)], 0);
        figures.Metrics.Select(figure => figure.Name).ShouldBe(["exact_match", "flexible", "stopped"]);
        figures.Metrics[^1].Value.ShouldBe(0.75);
        figures.Metrics[^1].Count.ShouldBe(4);
        figures.Tokens.ShouldBe(20);
        JsonText.MakeLine(json =>
        {
            json.WriteStartArray("tasks");
            figures.Write(json);
            json.WriteEndArray();
        }).ShouldContain("\"stopped\":{\"value\":0.75,");
    }

    [Fact]
    public void Of_Choices_HaveNoShareThatStopped() =>
        TaskFigures.Of(new GsmLikeEvaluation(1), "test", [Record(null)], 0).Metrics.Select(figure => figure.Name).ShouldBe(["exact_match", "flexible"]);

    private static SampleRecord Record(bool? stopped) => new(
        "id", "prompt", "output", "1", "1", new Dictionary<string, double> { ["exact_match"] = 1, ["flexible"] = 1 }, 1, stopped, 5);
}
