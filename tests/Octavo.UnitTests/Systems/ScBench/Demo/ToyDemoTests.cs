using Octavo.Cli.CommandLine;
using Octavo.Core.Store;
using Octavo.Systems;
using Octavo.Systems.ScBench.Demo;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Demo;

public class ToyDemoTests
{
    private static readonly double[] _right = [100, 100, 100, 100, 100];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_BundledToy_PassesEveryGate(ulong seed)
    {
        var store = new ModelStore([Repository.At("models")], null);
        var result = new ToyDemo { Contexts = 64 }.Run(new DemoOptions(seed, false, store, EngineFlags.ReadKv, (_, _, _) => { }), TestContext.Current.CancellationToken);
        result.Checks.Where(check => !check.Holds).ShouldBeEmpty();
        result.Holds.ShouldBeTrue();
        result.Rows.Count.ShouldBe(15);
        result.Rows.ShouldAllBe(row => row.Figures.Count == 6);
        result.Setting.ShouldContain("64 contexts");
    }

    [Fact]
    public void Of_FiguresOfThePaper_Holds() =>
        Verdict(_right, 100, [100, 12, 12, 13, 14], 17, [28, 9, 8, 10, 8]).Holds.ShouldBeTrue();

    [Theory]
    [InlineData(90, 100, 12, 17, 28, "full, mean of turns")]
    [InlineData(100, 94, 12, 17, 28, "SnapKV, turn 1")]
    [InlineData(100, 100, 36, 17, 28, "SnapKV, mean of later turns")]
    [InlineData(100, 100, 12, 41, 28, "SnapKV, requests")]
    [InlineData(100, 100, 12, 17, 100, "SnapKV above random at turn 1")]
    public void Of_OneFigureBeyondItsGate_DoesNotHold(double full, double snap, double later, double requests, double random, string check)
    {
        var result = Verdict([full, full, full, full, full], 100, [snap, later, later, later, later], requests, [random, 9, 8, 10, 8]);
        result.Holds.ShouldBeFalse();
        result.Checks.Single(row => !row.Holds).Text.ShouldStartWith(check);
    }

    [Theory]
    [InlineData(ToyVerdict.AShape, new double[] { 41, 100, 100, 100, 100 }, "A-shape, turn 1")]
    [InlineData(ToyVerdict.AShape, new double[] { 20, 94, 94, 95, 95 }, "A-shape, mean of later turns")]
    [InlineData(ToyVerdict.TriShape, new double[] { 100, 100, 94, 100, 100 }, "Tri-shape, worst turn")]
    [InlineData(ToyVerdict.Quest, new double[] { 84, 85, 85, 84, 84 }, "Quest, mean of turns")]
    [InlineData(ToyVerdict.Kivi4, new double[] { 98, 98, 99, 99, 99 }, "KIVI in 4 bits, mean of turns")]
    [InlineData(ToyVerdict.Kivi1, new double[] { 81, 81, 80, 81, 81 }, "KIVI in 1 bit, mean of turns")]
    public void Of_AMethodThatStoresEverythingBeyondItsGate_DoesNotHold(string name, double[] turns, string check)
    {
        var result = Verdict(_right, 100, [100, 12, 12, 13, 14], 17, [28, 9, 8, 10, 8], new ToyFigures(name, turns, 100));
        result.Checks.Single(row => !row.Holds).Text.ShouldStartWith(check);
    }

    [Fact]
    public void Check_FigureThatIsNoNumber_DoesNotHold()
    {
        DemoCheck.AtLeast("a", double.NaN, 0).Holds.ShouldBeFalse();
        DemoCheck.AtMost("a", double.NaN, 0).Holds.ShouldBeFalse();
    }

    private static DemoResult Verdict(double[] full, double fullRequests, double[] snap, double snapRequests, double[] random, ToyFigures? other = null)
    {
        // the specification's own figures of the methods that store everything
        List<ToyFigures> rows =
        [
            new ToyFigures(ToyVerdict.Full, full, fullRequests), new ToyFigures(ToyVerdict.SnapKv, snap, snapRequests), new ToyFigures(ToyVerdict.Random, random, 10),
            new ToyFigures(ToyVerdict.AShape, [20, 100, 100, 100, 100], 100), new ToyFigures(ToyVerdict.TriShape, _right, 100),
            new ToyFigures(ToyVerdict.Quest, [98, 94, 94, 95, 93], 93), new ToyFigures(ToyVerdict.Kivi4, _right, 100), new ToyFigures(ToyVerdict.Kivi1, [56, 56, 56, 57, 57], 52),
        ];
        return ToyVerdict.Of([.. rows.Where(row => row.Name != other?.Name), .. other is null ? Array.Empty<ToyFigures>() : [other]], "by hand");
    }
}
