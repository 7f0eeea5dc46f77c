using Octavo.Core;
using Octavo.Evaluation.Metrics;
using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Running;
using Octavo.Evaluation.Tasks;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Running;

public sealed class EvaluationRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Run_AnswersInAnyOrder_AreWrittenInTheTasksOrder()
    {
        var (forwards, backwards) = (_folder.File("forwards"), _folder.File("backwards"));
        Run(forwards, new Table(isBackwards: false), 6);
        var records = Run(backwards, new Table(isBackwards: true), 6);
        records.Select(record => record.Id).ShouldBe(["s0", "s1", "s2", "s3", "s4", "s5"]);
        File.ReadAllText(Path.Combine(backwards, "toy.jsonl")).ShouldBe(File.ReadAllText(Path.Combine(forwards, "toy.jsonl")));
        records[3].Output.ShouldBe("answer to q3");
        records[3].Stopped.ShouldBe(false);
        records[2].Stopped.ShouldBe(true);
    }

    [Fact]
    public void Run_Again_AsksOnlyWhatIsMissing_AlsoAfterALineThatWasCut()
    {
        var folder = _folder.File("again");
        var table = new Table(isBackwards: false);
        Run(folder, table, 4);
        var path = Path.Combine(folder, "toy.jsonl");
        var whole = File.ReadAllText(path);
        File.WriteAllText(path, whole[..^10]);
        table.Asked.Clear();
        Run(folder, table, 6).Count.ShouldBe(6);
        table.Asked.ShouldBe(["q3", "q4", "q5"]);
        File.ReadAllText(path).ShouldStartWith(whole);
    }

    [Fact]
    public void Open_Again_LeavesTheFingerprintAsItIs()
    {
        var (folder, mark) = (_folder.File("mark"), Path.Combine(_folder.File("mark"), "toy.fingerprint"));
        Run(folder, new Table(isBackwards: false), 1);
        var written = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(mark, written);
        Run(folder, new Table(isBackwards: false), 2).Count.ShouldBe(2);
        File.GetLastWriteTimeUtc(mark).ShouldBe(written);
        File.ReadAllText(mark).ShouldBe("weights abc\nseed 1\n");
        Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order().ShouldBe(["toy.fingerprint", "toy.jsonl"]);
    }

    [Fact]
    public void Open_SamplesOfAnotherRun_AreRefusedWithTheDifference()
    {
        Run(_folder.File("other"), new Table(isBackwards: false), 2);
        Should.Throw<ConfigException>(() => SampleFile.Open(_folder.File("other"), "toy", "weights def\nseed 1\n")).Message.ShouldContain("weights abc");
    }

    [Fact]
    public void Of_Records_GivesSharesAndWeightedMeans()
    {
        var records = Run(_folder.File("figures"), new Table(isBackwards: false), 4);
        MetricFigure.Of(new MetricSpec("even"), records, 0).Value.ShouldBe(0.5);
        // (0 + 1 + 2 + 3) / (1 + 2 + 3 + 4)
        MetricFigure.Of(new MetricSpec("sum", IsRate: false), records, 0).Value.ShouldBe(0.6);
    }

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<SampleRecord> Run(string folder, Table table, int count)
    {
        using var file = SampleFile.Open(folder, "toy", "weights abc\nseed 1\n");
        return new EvaluationRun(table).Run([.. Enumerable.Range(0, count).Select(Sample)], file, default);
    }

    private static EvaluationSample Sample(int i) => new(
        $"s{i}", [new GenerateRequest(EvaluationPrompt.OfText($"q{i}"), 8)], "gold",
        results => new Judgement(((GeneratedResult)results[0]).Text, "", new Dictionary<string, double> { ["even"] = i % 2 == 0 ? 1 : 0, ["sum"] = i }, i + 1));

    private sealed class Table(bool isBackwards) : IRequestRunner
    {
        public List<string> Asked { get; } = [];

        public IEnumerable<(int Index, RequestResult Result)> Run(IReadOnlyList<EvaluationRequest> requests, CancellationToken cancellationToken)
        {
            var order = Enumerable.Range(0, requests.Count);
            foreach (var i in isBackwards ? order.Reverse() : order)
            {
                var question = ((GenerateRequest)requests[i]).Prompt.Text;
                Asked.Add(question);
                yield return (i, new GeneratedResult(3, $"answer to {question}", Stopped: question != "q3"));
            }
        }
    }
}
