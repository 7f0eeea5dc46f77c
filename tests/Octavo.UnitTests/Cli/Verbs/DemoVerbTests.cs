using Octavo.Cli.Demos;
using Octavo.Systems;
using Shouldly;

namespace Octavo.UnitTests.Cli.Verbs;

public class DemoVerbTests
{
    [Theory]
    [InlineData("there is no demonstration named", "demo")]
    [InlineData("Did you mean 'scbench'?", "demo", "scbnch")]
    [InlineData("--seed is '-1'", "demo", "scbench", "--seed", "-1")]
    public void Mistake_IsTold(string message, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(2);
        terminal.Error.ShouldContain(message);
    }

    [Theory]
    [InlineData(10, "The claim holds.", "holds")]
    [InlineData(9, "The claim does not hold.", "does not hold")]
    public void Write_Result_ShowsClaimControlFiguresAndVerdict(double figure, string verdict, string check)
    {
        var result = new DemoResult(
            "It is so.", "chance", "twice", ["one"], [new DemoRow("method", [figure]), new DemoRow("chance", [1.25], IsControl: true)],
            [DemoCheck.AtLeast("method", figure, 10)]);
        using var terminal = new FakeTerminal();
        DemoText.Write(terminal.Terminal, result);
        terminal.Out.ShouldContain("It is so.");
        terminal.Out.ShouldMatch(@"chance \(control\) +1\.[23]");
        terminal.Out.ShouldMatch($@"method at least 10 +{figure:F1} +{check}\n");
        terminal.Out.ShouldEndWith(verdict + "\n");
        result.Holds.ShouldBe(figure == 10);
    }
}
