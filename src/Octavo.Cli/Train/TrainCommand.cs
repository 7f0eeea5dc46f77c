using System.Runtime.CompilerServices;
using Octavo.Cli.Bench;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Estimate;
using Octavo.Cli.Output;
using Octavo.Cli.Runs;
using Octavo.Core;
using Octavo.Nn;
using Octavo.Systems.ScBench.Toy;
using Octavo.Training.Configuration;
using Octavo.Training.Recipes;
using Octavo.Training.Runs;

namespace Octavo.Cli.Train;

/// <summary>One call of <c>octavo train</c>.</summary>
internal sealed class TrainCommand(Terminal terminal, Interrupts interrupts)
{
    private static readonly string[] _recipes = ["sft", "pretrain", "scbench-toy"];

    public required string Recipe { get; init; }
    public required string? Config { get; init; }
    public required IReadOnlyList<string> Sets { get; init; }
    public required bool IsDry { get; init; }
    public required bool IsQuiet { get; init; }
    public required bool IsJson { get; init; }

    public int Run() => Recipe switch
    {
        "sft" => Run(ConfigReader.Read<SftConfig>(Config, Sets), Sft.Run, Sft.DryRun),
        "pretrain" => Run(ConfigReader.Read<PretrainConfig>(Config, Sets), Pretrain.Run, Pretrain.DryRun),
        "scbench-toy" => RunToy(ConfigReader.Read<ToyConfig>(Config, Sets)),
        _ => throw new ConfigException($"there is no recipe '{Recipe}'; there are {string.Join(", ", _recipes)}.{Nearest.Hint(Recipe, _recipes)}"),
    };

    private int Run<T>(T config, Func<T, RunHost, RunOutcome> run, Func<T, RunHost, DryRunReport> dry) where T : class, IRecipeConfig
    {
        Prepare(config.Shared.Threads);
        using var line = new TrainingProgress(terminal, IsQuiet);
        var (name, count) = Machine.Processor();
        var host = new RunHost(
            Installation.Models, line.Note,
            step => line.Report(new TrainingStep(step.Step, step.Total, step.Tokens, step.Loss, step.LearningRate, Environment.WorkingSet)),
            SourceCommit.Read(), $"{name}, {count} processors", string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Prepend("octavo")), FreeMemory.Read(), interrupts.Token);
        if (IsDry)
        {
            TrainText.Write(terminal, dry(config, host), IsJson);
            return 0;
        }
        var outcome = run(config, host);
        line.Finish();
        TrainText.Write(terminal, outcome, config.Shared.OutputDir, IsJson);
        interrupts.Token.ThrowIfCancellationRequested();
        return 0;
    }

    private int RunToy(ToyConfig config)
    {
        if (IsDry)
            throw new ConfigException("scbench-toy has no dry run: all of it takes minutes. Leave --dry-run out.");
        Prepare(config.Threads);
        ToyText.Write(terminal, ToyText.Train(config, terminal, IsQuiet, interrupts.Token), config.OutputDir, IsJson);
        return 0;
    }

    // apart, so that nothing of TorchSharp is touched before it is there
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Prepare(int? threads)
    {
        using var status = new StatusLine(terminal, !IsQuiet);
        TorchRuntime.Ensure(new TorchOptions { Threads = threads ?? Environment.ProcessorCount, Progress = progress => status.Report(progress.What, (int)(progress.Done >> 20), (int)(progress.Total >> 20)) }, interrupts.Token);
    }
}
