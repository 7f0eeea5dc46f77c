using Octavo.Core;
using Octavo.Evaluation.Studies;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Studies;

public class StudyPlanTests
{
    [Fact]
    public void Cells_OfAGrid_AreSeedBySeedAndTheLastFactorFastest()
    {
        var cells = TestStudy.Plan.Cells();
        cells.Count.ShouldBe(3 * 2 * 2 * 2);
        cells.Take(5).Select(cell => cell.Key).ShouldBe(
        [
            "task=kv|method=full|budget=all|turn=1|seed=0", "task=kv|method=full|budget=all|turn=2|seed=0",
            "task=kv|method=drop|budget=8|turn=1|seed=0", "task=kv|method=drop|budget=8|turn=2|seed=0", "task=summary|method=full|budget=all|turn=1|seed=0",
        ]);
        cells.Select(cell => cell.Seed).ShouldBeInOrder();
        cells.Distinct().Count().ShouldBe(cells.Count);
    }

    [Fact]
    public void Groups_BySharedWork_HoldTheCellsOfATaskAndSeed()
    {
        var groups = TestStudy.Plan.Groups();
        groups.Count.ShouldBe(6);
        groups.ShouldAllBe(group => group.Count == 4 && group.All(cell => cell.Seed == group[0].Seed && cell["task"] == group[0]["task"]));
        groups.SelectMany(group => group).ShouldBe(TestStudy.Plan.Cells());
    }

    [Fact]
    public void Groups_WithoutSharedWork_AreCells() =>
        (TestStudy.Plan with { SharedWork = null }).Groups().ShouldAllBe(group => group.Count == 1);

    [Fact]
    public void Meaning_MoreValuesAndSeeds_IsTheSame()
    {
        var grown = TestStudy.Plan with { Seeds = [0, 1, 2, 3], Factors = [.. TestStudy.Plan.Factors.Select(factor => factor with { Values = [.. factor.Values, "more"] })] };
        grown.Meaning().ShouldBe(TestStudy.Plan.Meaning());
        (TestStudy.Plan with { Settings = [("samples", "21")] }).Meaning().ShouldNotBe(TestStudy.Plan.Meaning());
    }

    [Fact]
    public void ClaimsMark_AnotherSmallestSize_IsAnother()
    {
        StudyPlan With(double smallest, string sentence) => TestStudy.Plan with
        {
            Claims = [new StudyEffect("a", sentence, "accuracy", StudyEffect.Difference(CellSelection.All, CellSelection.All), Expected.Positive, smallest, 3)],
        };
        With(0.1, "one").ClaimsMark().ShouldBe(With(0.1, "told better").ClaimsMark());
        With(0.1, "one").ClaimsMark().ShouldNotBe(With(0.2, "one").ClaimsMark());
    }

    [Fact]
    public void Validate_ManyMistakes_TellsAll()
    {
        var wrong = TestStudy.Plan with
        {
            Name = "Not A Name",
            Seeds = [1, 1],
            SharedWork = ["model"],
            Claims = [new StudyGate("g", "s", "speed", CellSelection.Of(("method", ["quest"]), ("kind", ["x"])))],
            Views = [new StudyTable("t", "accuracy", ["place"])],
            Qualification = new StudyQualification("stored", [("method", "full")]),
        };
        var message = Should.Throw<ConfigException>(wrong.Validate).Message;
        foreach (var part in new[] { "'Not A Name'", "seed 1 is in it twice", "'model'", "'speed'", "no value 'quest'", "'kind' is no factor", "no bound", "'place'", "'stored'" })
            message.ShouldContain(part);
    }

    [Fact]
    public void Validate_AValueThatEndsAKey_IsRefused() =>
        Should.Throw<ConfigException>(() => (TestStudy.Plan with { Factors = [new("a", ["x|seed=1"])], SharedWork = null, Includes = null }).Validate()).Message.ShouldContain("x|seed=1");
}
