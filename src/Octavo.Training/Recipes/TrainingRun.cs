using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Store;
using Octavo.Nn;
using Octavo.Nn.Optimizers;
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;
using Octavo.Training.Data;
using Octavo.Training.Runs;
using Octavo.Training.Schedules;
using Octavo.Training.Steps;

namespace Octavo.Training.Recipes;

/// <summary>What surrounds a recipe's loop: the run's folder, its log, its checkpoints, and where it stands.</summary>
internal sealed class TrainingRun<T> : IDisposable where T : class, IRecipeConfig
{
    private const string Optimizer = "optimizer.safetensors";
    private const string ConfigFile = "config.yaml";

    private readonly T _config;
    private readonly TrainConfig _train;
    private readonly RunHost _host;
    private readonly CheckpointStore _store;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TrainingModel _model;
    private readonly RunData _data;
    private readonly SpikeGuard _guard;
    private RunLog? _log;
    private double _lastSeconds;

    public TrainingRun(T config, TrainingModel model, RunData data, CheckpointStore store, RunHost host)
    {
        (_config, _train, _model, _data, _host, _store) = (config, config.Shared, model, data, host, store);
        Adam = new AdamW(model.Decoder.Trained, new AdamWOptions
        {
            Beta1 = _train.Optimizer.AdamBeta1, Beta2 = _train.Optimizer.AdamBeta2, Epsilon = _train.Optimizer.AdamEpsilon, WeightDecay = _train.Optimizer.WeightDecay,
        });
        Schedule = _train.Schedule.Create(_train.Optimizer.LearningRate, data.Plan.Total);
        _guard = new SpikeGuard(_train.SpikeGuard, _train.OutputDir, ids => model.Tokenizer.Decode(ids.ToArray()), (step, text) =>
        {
            host.Tell($"step {step}: {text}");
            _log?.Note(step, RunNote.Warning, text);
        });
    }

    public AdamW Adam { get; }

    public Schedule Schedule { get; }

    /// <summary>Optimizer steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Tokens seen, without padding.</summary>
    public long Tokens { get; private set; }

    /// <summary>Mean loss of the targets of the last step.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>The last loss on the evaluation file.</summary>
    public double? EvaluationLoss { get; private set; }

    /// <summary>Whether there is a step to do and nobody asked to stop.</summary>
    public bool Goes => Step < _data.Plan.Total && !_host.Cancellation.IsCancellationRequested;

    public bool IsDone => Step >= _data.Plan.Total;

    /// <summary>Where random choices of the next step begin: a number of its own for each step, so that nothing of it need be kept.</summary>
    public ulong StepSeed => unchecked(((ulong)_train.Seed * 0x9E3779B97F4A7C15UL) + ((ulong)Step << 20));

    private double? Best { get; set; }

    private long? BestStep { get; set; }

    /// <summary>Goes on with the newest checkpoint where there is one, and opens the log.</summary>
    public void Begin()
    {
        var isNew = !RunDatabase.IsIn(_train.OutputDir);
        var from = _store.ResumeFrom(_train.Checkpoints.ResumeFromCheckpoint, _host.Cancellation);
        if (from is not null)
            Restore(from);
        var info = new RunInfo(_train.RunName ?? Path.GetFileName(Path.GetFullPath(_train.OutputDir)), T.Recipe, _config.ToYaml(), (ulong)_train.Seed,
            _host.Commit, _host.Machine, _host.CommandLine);
        using (var file = new IncompleteFile(Path.Combine(_train.OutputDir, ConfigFile)))
        {
            file.Write(stream => stream.Write(Encoding.UTF8.GetBytes(_config.ToYaml())));
            file.Keep(overwrite: true);
        }
        if (_train.Reports.WithTracking)
        {
            // a run that was stopped before its first checkpoint begins anew, in the log as well
            _log = from is not null || RunDatabase.IsIn(_train.OutputDir) ? RunLog.Resume(_train.OutputDir, info, Step) : RunLog.Create(_train.OutputDir, info);
            _log.Facts([
                new("data", "rows", Text(_data.Report.Rows)), new("data", "examples", Text(_data.Report.Examples)), new("data", "without a target", Text(_data.Report.NoTarget)),
                new("data", "too long, left out", Text(_data.Report.TooLong)), new("data", "cut", Text(_data.Report.Truncated)),
                new("data", "tokens of an epoch", Text(_data.Report.Tokens)), new("data", "targets of an epoch", Text(_data.Report.Targets)),
                new("run", "steps", Text(_data.Plan.Total)), new("run", "trained parameters", Text(_model.Decoder.Trained.Sum(part => part.Value.numel()))),
            ]);
        }
        if (_model.Doubt() is { } doubt)
        {
            _host.Tell(doubt);
            // a run that goes on has it in its log already
            if (isNew)
                _log?.Note(Step, RunNote.Warning, doubt);
        }
    }

    /// <summary>Looks at a step's loss before anything is changed.</summary>
    public void Check(StepLoss loss, double norm, IReadOnlyList<SupervisedRows> batch) => _guard.Check(Step + 1, loss.PerToken, norm, batch);

    /// <summary>Counts a step and tells of it.</summary>
    public void Done(StepLoss loss, double norm, double rate)
    {
        (Step, Tokens, Loss) = (Step + 1, Tokens + loss.Tokens, loss.PerToken);
        var seconds = _watch.Elapsed.TotalSeconds;
        var speed = loss.Tokens / (seconds - _lastSeconds);
        _lastSeconds = seconds;
        _host.Progress(new StepReport(Step, _data.Plan.Total, _data.Plan.Progress(Step), Loss, rate, norm, Tokens, speed));
        if (_log is not null && (Step % _train.Reports.LoggingSteps == 0 || Step == 1 || IsDone))
        {
            _log.Log(Step, Tokens, [
                (RunTags.Loss, Loss), (RunTags.LearningRate, rate), (RunTags.GradientNorm, norm), (RunTags.TokensPerSecond, speed),
                (RunTags.Memory, Environment.WorkingSet), ("train/objective", loss.Objective)]);
        }
    }

    /// <summary>Whether the loss on the evaluation file is due.</summary>
    public bool IsEvaluationDue => _train.Reports.EvalFile is not null && IsDue(_train.Reports.EvalSteps);

    public void Evaluated(double loss)
    {
        EvaluationLoss = loss;
        _log?.Log(Step, Tokens, [(RunTags.EvaluationLoss, loss)]);
        if (Best is null || loss < Best)
            (Best, BestStep) = (loss, Step);
        _lastSeconds = _watch.Elapsed.TotalSeconds;
    }

    /// <summary>Whether tasks are due.</summary>
    public bool AreTasksDue => _data.Tasks.Count > 0 && IsDue(_train.Reports.EvalSteps);

    /// <summary>The model as it is now answers the tasks, and their figures are logged.</summary>
    public void AskTasks() => Ask("tasks", () =>
    {
        foreach (var task in RunTasks.Ask(_model, _data.Tasks, _host.Cancellation))
        {
            _log?.Log(Step, Tokens, [.. task.Metrics.Select(figure => ($"eval/{task.Task}/{figure.Name}", figure.Value))]);
            var (head, low, high) = (task.Metrics[0], task.Metrics[0].Interval.Low, task.Metrics[0].Interval.High);
            _host.Tell(string.Create(CultureInfo.InvariantCulture, $"step {Step}: {task.Task} {head.Name} {head.Value:F3} ({low:F3} to {high:F3}, {head.Count} samples)"));
        }
    });

    /// <summary>Whether the prompts are to be asked before the run's end.</summary>
    public bool AreSamplesDue => _train.Reports.SampleSteps is { } every && !IsDone && IsDue(every);

    /// <summary>The model as it is now answers the prompts, for the report.</summary>
    public void AskPrompts() => Ask("samples", () =>
        _log?.Answers(Step, [.. _data.Prompts.Zip(RunSamples.Now(_model, _data.Prompts, _train.Reports.SampleMaxTokens, _host.Cancellation))]));

    /// <summary>Whether a checkpoint is due: at the steps asked for, and where the run stops or ends.</summary>
    public bool IsCheckpointDue => IsDone || _host.Cancellation.IsCancellationRequested
        || (_train.Checkpoints.CheckpointingSteps is { } every && IsDue(every));

    public void Save()
    {
        var state = new TrainerState
        {
            Format = TrainerState.CurrentFormat, Step = Step, Epoch = (int)_data.Plan.Progress(Step), Tokens = Tokens, AccumulationIndex = 0,
            DataPosition = JsonDocument.Parse(_data.Position.ToJson()).RootElement,
            Schedule = new(Spelling.Of(Schedule.Kind), _train.Optimizer.LearningRate, Schedule.Warmup, Schedule.Total),
            RandomStates = new Dictionary<string, byte[]>(), BestMetric = Best, BestStep = BestStep,
            ConfigHash = ConfigComparison.Hash(_config), Config = ConfigComparison.Settings(_config),
            Versions = Versions(),
        };
        _log?.Flush();
        var saved = _store.Save(Step, [
            .. _model.Parts(),
            new CheckpointPart(Optimizer, TensorFiles.BytesOf(Adam.State), stream => TensorFiles.Write(stream, Optimizer, Adam.State)),
            state.ToPart()], BestStep == Step);
        _log?.Note(Step, "checkpoint", saved.Name);
        _lastSeconds = _watch.Elapsed.TotalSeconds;
    }

    /// <summary>Writes the trained model where the run is whole, and the report.</summary>
    public RunOutcome Finish()
    {
        string? folder = null;
        if (IsDone)
            _model.Export(folder = Path.Combine(_train.OutputDir, "model"));
        if (IsDone && _data.Prompts.Count > 0)
            AskSamples();
        _log?.Finish(IsDone ? RunStatus.Done : RunStatus.Stopped, IsDone ? null : "stopped by the user; the same command goes on.");
        if (_log is not null && _train.Reports.ReportTo.Contains(Reporter.Html))
        {
            _log.Dispose();
            _log = null;
            _host.Tell($"the report is {RunReport.Write(_train.OutputDir)}");
        }
        return new RunOutcome(Step, Tokens, Loss, EvaluationLoss, folder, _watch.Elapsed.TotalSeconds, Process.GetCurrentProcess().PeakWorkingSet64);
    }

    private void AskSamples()
    {
        _host.Tell($"asking {_data.Prompts.Count} prompts before and after");
        Ask("samples", () =>
        {
            var (prompts, tokens) = (_data.Prompts, _train.Reports.SampleMaxTokens);
            var (before, after) = (RunSamples.Before(_model, prompts, tokens, _host.Cancellation), RunSamples.Now(_model, prompts, tokens, _host.Cancellation));
            _log?.Samples([.. prompts.Select((prompt, i) => new RunSample(prompt, before[i], after[i]))]);
        });
    }

    // training does not depend on answers: where they cannot be had, the run goes on without them
    private void Ask(string what, Action ask)
    {
        try
        {
            ask();
        }
        catch (Exception error) when (error is OperationCanceledException or OctavoException or OutOfMemoryException)
        {
            var text = $"the report has no {what} of step {Step}: {(error is OperationCanceledException ? "stopped while they were asked." : error.Message)}";
            _host.Tell(text);
            _log?.Note(Step, RunNote.Warning, text);
        }
        _lastSeconds = _watch.Elapsed.TotalSeconds;
    }

    /// <summary>Says why a run failed, in its log.</summary>
    public void Fail(Exception error)
    {
        try
        {
            _log?.Finish(RunStatus.Failed, error.Message);
        }
        catch (OctavoException)
        {
            // the log cannot be written, as on a full disk: the first error is the one to tell
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        Adam.Dispose();
    }

    private void Restore(StoredCheckpoint from)
    {
        var state = TrainerState.Of(from);
        ConfigComparison.RequireSame(_config, state.Config, from.Folder, _host.Tell);
        ConfigComparison.TellVersions(state.Versions, Versions(), _host.Tell);
        var schedule = new ScheduleState(Spelling.Of(Schedule.Kind), _train.Optimizer.LearningRate, Schedule.Warmup, Schedule.Total);
        if (state.Schedule != schedule)
            throw new ConfigException($"{from.Folder}: its schedule has {state.Schedule.Total} steps and {state.Schedule.Warmup} of warm-up; this run has {schedule.Total} and {schedule.Warmup}. The data differ.");
        _model.Restore(from);
        TensorFiles.ReadInto(from.PathOf(Optimizer), Adam.State);
        Adam.Resume(state.Step);
        _data.Restore(BatchPosition.FromJson(state.DataPosition.GetRawText()));
        (Step, Tokens, Best, BestStep) = (state.Step, state.Tokens, state.BestMetric, state.BestStep);
        _host.Tell($"going on from {from.Name} of {_train.OutputDir}");
    }

    private Dictionary<string, string> Versions() => new() { ["octavo"] = _host.Commit, ["libtorch"] = TorchSharp.torch.__version__ };

    private bool IsDue(Interval every) => every.Steps is { } steps ? Step % steps == 0 || IsDone : _data.Plan.EndsEpoch(Step - 1);

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
