using Octavo.Core.Store;
using Octavo.Evaluation.Studies;
using Octavo.Evaluation.Studies.Reporting;
using Octavo.Systems.ScBench.Matrix;
using Octavo.Systems.ScBench.Studies;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Studies;

public class ToyStudyTests
{
    private static readonly StudyHost _host = new(new ModelStore([Path.GetDirectoryName(BundledToy.Path)!], null), _ => { }, 1);

    [Fact]
    public void Plan_Holds_AndEveryClaimHasItsCells()
    {
        var plan = new ToyStudy().Plan(_host);
        plan.Validate();
        plan.Cells().Count.ShouldBe(3 * 2 * 5 * ToySettings.List.Count);
        plan.Claims.Select(claim => claim.Name).ShouldBeUnique();
        ToySettings.Shares.Select(ToySettings.Budget).ShouldBe([48, 24, 12, 6, 3]);
        foreach (var setting in ToySettings.List)
            setting.Kv.MethodOf(0)!.Validate();
    }

    [Fact]
    public void Run_TheBundledToy_ShowsTheFirstFindings()
    {
        var plan = ToyStudy.PlanOf("weights", 12);
        using var bench = new ToyBench(_host, 12);
        var group = plan.Groups().First(cells => cells[0].Seed == ToyStudy.BundledSeed && cells[0][MatrixPlan.Mode] == MatrixConfig.MultiTurn);
        var rows = bench.Run(group, CancellationToken.None).ToDictionary(result => result.Cell.Key, result => result.Samples[TurnFigures.Accuracy].Average());
        rows.Count.ShouldBe(group.Count);
        double At(string method, string kept, params string[] turns) => rows.Where(row => turns.Any(turn => row.Key.Contains($"method={method}|kept={kept}|turn={turn}|", StringComparison.Ordinal)))
            .Average(row => row.Value);
        At(ToySettings.Full, ToySettings.All, "1", "2", "3", "4", "5").ShouldBe(1);
        At(ToySettings.SnapKv, "1/4", "1").ShouldBeGreaterThanOrEqualTo(0.9);
        At(ToySettings.SnapKv, "1/4", "2", "3", "4", "5").ShouldBeLessThan(0.5);
        At(ToySettings.AShape, ToySettings.All, "1").ShouldBeLessThan(At(ToySettings.TriShape, ToySettings.All, "1"));
    }

    [Fact]
    public void Report_WhatIsCommitted_IsWhatItsRowsGive()
    {
        var plan = new ToyStudy().Plan(_host);
        var folder = Repository.At("docs", "studies", "scbench");
        using var again = new TemporaryFolder();
        var report = StudyReport.Write(again.Path, plan, StudyLog.Read(folder, plan));
        File.ReadAllText(again.File("report.html")).ShouldBe(File.ReadAllText(Path.Combine(folder, "report.html")));
        File.ReadAllText(again.File("runs.csv")).ShouldBe(File.ReadAllText(Path.Combine(folder, "runs.csv")));
        report.Written.Count.ShouldBe(plan.Cells().Count);
        report.Failed.ShouldBeEmpty();
    }
}
