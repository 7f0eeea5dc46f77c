using System.Text.Json;
using Octavo.Cli.Studies;
using Octavo.Core;
using Octavo.Evaluation.Studies;
using Octavo.Evaluation.Studies.Reporting;
using Octavo.TestKit;
using Octavo.UnitTests.Evaluation.Studies;
using Shouldly;

namespace Octavo.UnitTests.Cli.Studies;

public sealed class StudyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTerminal _terminal = new();
    private readonly MemoryStudy _study = new();

    private StudyCommand Command(bool isJson = false, bool retries = false) =>
        new(_terminal.Terminal, [_study], CancellationToken.None) { Output = _folder.Path, IsJson = isJson, Retries = retries };

    [Fact]
    public void Run_TwiceAndOnceMore_RunsOnceAndTheReportIsTheSame()
    {
        Command().Run("memory").ShouldBe(0);
        var page = File.ReadAllBytes(Path.Combine(_folder.Path, StudyReport.PageName));
        Command().Run("memory").ShouldBe(0);
        Command().Report("memory").ShouldBe(0);
        _study.Opened.ShouldBe(1);
        File.ReadAllBytes(Path.Combine(_folder.Path, StudyReport.PageName)).ShouldBe(page);
        _terminal.Out.ShouldContain("holds");
        _terminal.Out.ShouldContain("45.0 points");
    }

    [Fact]
    public void Run_AFailedCell_IsToldAndRunAgainWithRetry()
    {
        _study.Broken = cell => cell.Seed == 1;
        Command().Run("memory");
        _terminal.Error.ShouldContain("8 cells failed");
        _terminal.Out.ShouldContain("inconclusive");
        _study.Broken = _ => false;
        Command(retries: true).Run("memory");
        _study.Opened.ShouldBe(2);
        _terminal.Out.ShouldContain("holds");
    }

    [Fact]
    public void Run_Json_IsTheReport()
    {
        Command(isJson: true).Run("memory");
        using var document = JsonDocument.Parse(_terminal.Out);
        document.RootElement.GetProperty("claims")[0].GetProperty("verdict").GetString().ShouldBe("holds");
    }

    [Fact]
    public void Verify_TheSameAndOtherAnswers_HoldsAndFails()
    {
        Command().Run("memory");
        Command().Verify("memory", 3).ShouldBe(0);
        _terminal.Out.ShouldContain("as recorded (accuracy, chance, stored).");
        _study.Change = result => result with { Samples = new Dictionary<string, IReadOnlyList<double>> { ["accuracy"] = [.. result.Samples["accuracy"].Select(value => 1 - value)] } };
        Should.Throw<EvaluationException>(() => Command().Verify("memory", 3)).Message.ShouldContain("20 of 20 samples differ");
        _study.Change = result => result with { Metrics = new Dictionary<string, double>(result.Metrics) { ["first token"] = 77 } };
        Command().Verify("memory", 3).ShouldBe(0);
    }

    [Fact]
    public void Verify_WithoutRows_SaysWhatToDo() =>
        Should.Throw<InputFileException>(() => Command().Verify("memory", 0)).Message.ShouldContain("Run the study first");

    [Fact]
    public void Find_AnUnknownName_TellsWhatThereIs()
    {
        Should.Throw<ConfigException>(() => Command().Run("memry")).Message.ShouldContain("there is memory. Did you mean");
        Should.Throw<ConfigException>(() => new StudyCommand(_terminal.Terminal, [], CancellationToken.None).Run("x")).Message.ShouldContain("there are no studies yet");
    }

    [Fact]
    public void List_Studies_NamesThem()
    {
        Command().List().ShouldBe(0);
        _terminal.Out.ShouldContain("memory");
        using var json = new FakeTerminal();
        new StudyCommand(json.Terminal, [_study], CancellationToken.None) { IsJson = true }.List();
        json.Out.ShouldBe("{\"studies\":[\"memory\"]}\n");
    }

    [Theory]
    [InlineData("study", "--verify")]
    [InlineData("study", "x", "--seed", "1")]
    [InlineData("study", "x", "--verify", "--retry")]
    [InlineData("study", "no-such-study")]
    public void Verb_WhatMakesNoSense_IsExit2(params string[] args) => _terminal.Run(args).ShouldBe(2);

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Dispose();
    }

    private sealed class MemoryStudy : Study
    {
        public int Opened { get; private set; }

        public Func<StudyCell, bool> Broken { get; set; } = _ => false;

        public Func<StudyResult, StudyResult> Change { get; set; } = result => result;

        public override string Name => "memory";

        public override string Summary => "What forgetting costs";

        public override StudyPlan Plan(StudyHost host) => TestStudy.Plan with
        {
            Claims =
            [
                new StudyEffect(
                    "1", "Dropping loses", "accuracy", StudyEffect.Difference(CellSelection.Of(("method", ["full"])), CellSelection.Of(("method", ["drop"]))), Expected.Positive, 0.2, 3),
            ],
        };

        public override IStudyBench Open(StudyHost host)
        {
            Opened++;
            return new Bench(this);
        }

        private sealed class Bench(MemoryStudy study) : IStudyBench
        {
            public IEnumerable<StudyResult> Run(IReadOnlyList<StudyCell> cells, CancellationToken cancellationToken) =>
                cells.Select(cell => study.Broken(cell) ? StudyResult.Failed(cell, "broken") : Mean(study.Change(TestStudy.Result(cell))));

            private static StudyResult Mean(StudyResult result) => TestStudy.Row(result).Result;

            public void Dispose() { }
        }
    }
}
