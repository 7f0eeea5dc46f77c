using Octavo.Cli.CommandLine;
using Octavo.Core;
using Octavo.Core.Store;
using Octavo.Engine;
using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Matrix;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;
using Octavo.Systems.ScBench.Toy;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Matrix;

public sealed class MatrixStudyTests : IDisposable
{
    private static readonly string[] _methods =
    [
        "f32+full", "f32+snapkv:window=4,budget=24", "f32+h2o:budget=24", "f32+expected_attention:budget=24", "f32+quest:page=4,budget=24", "f32+kivi:bits=2,group=8,residual=8",
        "f32+a_shape:init=4,local=20", "f32+minference:vertical=8,slash=12,forced_columns=4,forced_diagonals=8", "f32+random:budget=24,seed={row}",
    ];

    private readonly LanguageModel _model = BundledToy.Load();

    public void Dispose() => _model.Dispose();

    private static KvSetting Setting(string text)
    {
        var (type, method) = EngineFlags.ReadKv(text);
        return new KvSetting(text, type, method);
    }

    private TaskRun Run(PromptOptions options) => new(_model, TaskRules.Of(ToyTask.Name), options);

    [Theory]
    [InlineData(ContextMode.MultiTurn, AnswerHistory.Golden)]
    [InlineData(ContextMode.MultiTurn, AnswerHistory.Self)]
    [InlineData(ContextMode.MultiRequest, AnswerHistory.Golden)]
    internal void RunAll_ASharedReading_GivesWhatEachMethodGivesAlone(ContextMode mode, AnswerHistory history)
    {
        var options = new PromptOptions { Mode = mode, History = history };
        List<KvSetting> settings = [.. _methods.Select(Setting)];
        for (var id = 0; id < 3; id++)
        {
            var row = ToyTask.Make(5, id);
            var shared = Run(options).RunAll(row, settings);
            for (var i = 0; i < settings.Count; i++)
            {
                var alone = Run(options).Run(row, settings[i]).ToList();
                shared[i].Select(Figures).ShouldBe(alone.Select(Figures), $"{settings[i].Text}, row {id}");
            }
        }

        static (string, int, long, long, Octavo.Engine.Kv.AttentionWork) Figures(Prediction one) =>
            (one.Answer.Prediction, one.Answer.Generated, one.Answer.StoredBytes, one.Answer.PeakBytes, one.Answer.Work);
    }

    [Fact]
    public void Work_IsCountedFromWhatRowsRead()
    {
        // 2 layers of 4 heads of width 16; a first prompt of 99 tokens and one further row for the answer
        var row = ToyTask.Make(5, 0);
        static long Rows(int from, int to, Func<int, long> keys) => Enumerable.Range(from, to - from).Sum(i => keys(i)) * 8;
        var options = new PromptOptions();
        var full = Run(options).Run(row, Setting("f32+full")).First().Answer.Work;
        full.ShouldBe(new(Rows(0, 100, i => i + 1), Rows(0, 100, i => i + 1), 64 * Rows(0, 100, i => i + 1)));
        var aShape = Run(options).Run(row, Setting("f32+a_shape:init=4,local=20")).First().Answer.Work;
        aShape.Scores.ShouldBe(Rows(0, 99, i => Math.Min(i + 1, 20 + Math.Max(0, Math.Min(4, i + 1 - 20)))) + Rows(99, 100, i => i + 1));
        aShape.AllScores.ShouldBe(full.AllScores);
        var snap = Run(options).Run(row, Setting("f32+snapkv:window=4,budget=24")).First().Answer.Work;
        snap.Scores.ShouldBe(Rows(0, 99, i => i + 1) + Rows(99, 100, _ => 25));
        var quest = Run(options).Run(row, Setting("f32+quest:page=4,budget=24")).First().Answer.Work;
        quest.Scores.ShouldBeInRange(Rows(0, 99, i => i + 1) + (8 * 20), Rows(0, 99, i => i + 1) + (8 * 24));
    }

    [Fact]
    public void Shift_OfTheSameQuestion_IsNoneAndOfAnotherItIs()
    {
        var prompt = BundledToy.Prompt(_model, new PromptOptions { Mode = ContextMode.MultiRequest });
        var shift = new AttentionShift(_model, 8);
        var same = shift.Of(prompt with { Turns = [prompt.Turns[0], prompt.Turns[0]] }, ContextMode.MultiRequest);
        same.Single().Overlap.ShouldBe(1);
        same.Single().Cosine.ShouldBe(1, 1e-6);
        var others = shift.Of(prompt, ContextMode.MultiRequest);
        others.Count.ShouldBe(4);
        others.ShouldAllBe(one => one.Overlap > 0 && one.Overlap < 0.6 && one.Cosine < 0.8);
        AttentionShift.Overlap([3, 2, 1, 0], [0, 3, 2, 1], 2).ShouldBe(1 / 3.0);
        AttentionShift.Cosine([1, 0], [1, 1]).ShouldBe(Math.Sqrt(0.5), 1e-9);
    }

    [Fact]
    public void Run_APartOfAGroup_GivesTheSameRows()
    {
        var config = new MatrixConfig { OutputDir = "out", Models = [BundledToy.Path], Methods = _methods, Modes = [MatrixConfig.MultiTurn], Contexts = 3, Seeds = [7], Turns = 3, Threads = 1 };
        var study = new MatrixStudy(config, new MatrixTools(EngineFlags.ReadKv, _ => "weights", _ => null));
        var host = new StudyHost(new ModelStore([Path.GetDirectoryName(BundledToy.Path)!], null), _ => { }, 1);
        var plan = study.Plan(host);
        plan.Validate();
        var cells = plan.Groups().Single();
        cells.Count.ShouldBe(_methods.Length * 3);
        using var bench = study.Open(host);
        var all = bench.Run(cells, CancellationToken.None).ToDictionary(result => result.Cell.Key);
        all.Count.ShouldBe(cells.Count);
        // as after a kill
        foreach (var again in bench.Run([.. cells.Where((_, i) => i % 4 == 1)], CancellationToken.None))
        {
            foreach (var metric in plan.Metrics.Where(metric => metric.IsRepeatable))
                again.Samples.GetValueOrDefault(metric.Name, [again.Metrics.GetValueOrDefault(metric.Name, -1)])
                    .ShouldBe(all[again.Cell.Key].Samples.GetValueOrDefault(metric.Name, [all[again.Cell.Key].Metrics.GetValueOrDefault(metric.Name, -1)]), $"{again.Cell} {metric.Name}");
        }
        var full = all[cells[1].Key];
        full.Samples[TurnFigures.Overlap].Count.ShouldBe(3);
        full.Metrics[TurnFigures.Chance].ShouldBe(1 / 32.0);
    }

    [Fact]
    public void Run_WhatTheToyDoesNotKnow_IsRefused()
    {
        var config = new MatrixConfig { OutputDir = "out", Models = [BundledToy.Path], Methods = ["full"], Contexts = 1, Seeds = [7], Threads = 1 };
        var study = new MatrixStudy(config, new MatrixTools(EngineFlags.ReadKv, _ => "weights", _ => (_, _) => throw new RefusedException("no")));
        var host = new StudyHost(new ModelStore([], null), _ => { }, 1);
        using var bench = study.Open(host);
        Should.Throw<RefusedException>(() => bench.Run(study.Plan(host).Groups()[0], CancellationToken.None).Count());
    }
}
