using Octavo.Cli.Parity;
using Shouldly;

namespace Octavo.UnitTests.Cli.Parity;

public class OutputCheckTests
{
    private static readonly Tolerance _tolerance = new(1e-4, 1e-3);

    [Fact]
    public void Numbers_WithinTolerance_HoldAndTellTheWorst()
    {
        var check = OutputCheck.Numbers("x", [1.0005f, 100.05f, 0], [1, 100, 0], _tolerance);
        check.Holds.ShouldBeTrue();
        check.Compared.ShouldBe(3);
        check.Error.ShouldBe(0.05, 0.001);
        check.Allowed.ShouldBe(0.1001, 0.0001);
        check.Detail.ShouldBeNull();
    }

    [Theory]
    [InlineData(1.0011f, 1f, true)]
    [InlineData(1.0012f, 1f, false)]
    [InlineData(float.NaN, 1f, false)]
    [InlineData(1f, float.NaN, false)]
    [InlineData(float.NaN, float.NaN, true)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, true)]
    [InlineData(float.PositiveInfinity, 1f, false)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity, false)]
    [InlineData(-0f, 0f, true)]
    public void Numbers_OneNumber_HoldsUpToTheTolerance(float actual, float expected, bool holds) =>
        OutputCheck.Numbers("x", [actual], [expected], new Tolerance(1e-4, 1.005e-3)).Holds.ShouldBe(holds);

    [Fact]
    public void Numbers_ToleranceZero_WantsThemEqual()
    {
        OutputCheck.Numbers("x", [0.1f], [0.1f], default).Holds.ShouldBeTrue();
        OutputCheck.Numbers("x", [MathF.BitIncrement(0.1f)], [0.1f], default).Holds.ShouldBeFalse();
    }

    [Fact]
    public void Numbers_Invalid_AreNotCompared()
    {
        var check = OutputCheck.Numbers("x", [9, 9, 1, 2], [0, 0, 1, 2], default, [false, true], 2);
        check.Holds.ShouldBeTrue();
        check.Compared.ShouldBe(2);
        OutputCheck.Numbers("x", [9, 9], [0, 0], default, [false], 2).Holds.ShouldBeFalse();
    }

    [Fact]
    public void Numbers_OfAnotherCount_DoNotHold() => OutputCheck.Numbers("x", [1], [1, 2], _tolerance).Holds.ShouldBeFalse();

    [Fact]
    public void Wholes_OneOff_SaysWhere()
    {
        var check = OutputCheck.Wholes("ids", [1, 2, 4], [1, 2, 3]);
        check.Holds.ShouldBeFalse();
        check.Error.ShouldBe(1);
        check.Detail.ShouldBe("number 2: 4 instead of 3");
        OutputCheck.Wholes("ids", [1], [1, 2]).Holds.ShouldBeFalse();
        OutputCheck.Wholes("ids", [1, 2], [1, 2]).Holds.ShouldBeTrue();
    }

    [Fact]
    public void Cases_NoneCompared_GiveNoOutcome()
    {
        var check = new CaseCheck("ids");
        check.Outcome().ShouldBeNull();
        check.AddText("a", "x", "x");
        check.AddText("b", "x", "y");
        check.AddText("c", "x", "z");
        var outcome = check.Outcome().ShouldNotBeNull();
        outcome.Holds.ShouldBeFalse();
        outcome.Error.ShouldBe(2);
        outcome.Detail.ShouldBe("b: 'x' instead of 'y'");
    }

    [Fact]
    public void Runners_EveryKind_IsThereOnce() =>
        GoldenRunners.All.Select(runner => runner.Kind).ShouldBeUnique();
}
