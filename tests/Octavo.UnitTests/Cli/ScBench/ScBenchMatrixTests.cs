using Octavo.Evaluation.Studies;
using Octavo.Evaluation.Studies.Reporting;
using Octavo.TestKit;
using Octavo.UnitTests.Systems.ScBench;
using Shouldly;

namespace Octavo.UnitTests.Cli.ScBench;

public class ScBenchMatrixTests
{
    [Fact]
    public void Matrix_ThenReport_WritesTheSamePage()
    {
        using var folder = new TemporaryFolder();
        var config = folder.File("m.yaml");
        File.WriteAllText(config, $"output_dir: {folder.File("out")}\nmodels: [{BundledToy.Path}]\nmethods: ['f32+full', 'f32+snapkv:window=4,budget=24']\ncontexts: 2\nseeds: [3]\nthreads: 1\n");
        Run(0, "scbench", "matrix", "-c", config);
        string[] names = [StudyReport.PageName, "report.json", "runs.csv"];
        var before = names.Select(name => File.ReadAllText(folder.File(Path.Combine("out", name)))).ToList();
        before[0].ShouldContain("random:budget=24,seed={row}");
        // full, snapkv and the control, five turns, and the header
        File.ReadAllLines(folder.File(Path.Combine("out", StudyLog.FileName))).Length.ShouldBe((3 * 5) + 1);
        foreach (var name in names)
            File.Delete(folder.File(Path.Combine("out", name)));
        Run(0, "scbench", "report", folder.File("out"));
        names.Select(name => File.ReadAllText(folder.File(Path.Combine("out", name)))).ShouldBe(before);
        // what rows mean may not change; what grows may
        Run(2, "scbench", "matrix", "-c", config, "--set", "contexts=3").ShouldContain("another plan");
        Run(0, "scbench", "matrix", "-c", config, "--set", "seeds=[3, 4]");
        File.ReadAllLines(folder.File(Path.Combine("out", StudyLog.FileName))).Length.ShouldBe((6 * 5) + 1);
    }

    [Theory]
    [InlineData(2, "the key 'methods' is missing", "scbench", "matrix", "-o", "out")]
    [InlineData(2, "given with -c", "scbench", "matrix", "m.yaml")]
    [InlineData(2, "the one folder", "scbench", "report")]
    [InlineData(3, "is not there", "scbench", "report", "no-such-folder")]
    [InlineData(2, "There is no method 'snapp'", "scbench", "matrix", "-o", "out", "--set", "methods=['q8+snapp']")]
    public void Mistake_IsToldWithItsExit(int exit, string message, params string[] args) => Run(exit, args).ShouldContain(message);

    private static string Run(int exit, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(exit, terminal.Error);
        return terminal.Error;
    }
}
