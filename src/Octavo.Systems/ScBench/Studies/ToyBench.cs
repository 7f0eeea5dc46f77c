using System.Runtime.CompilerServices;
using Octavo.Engine;
using Octavo.Evaluation.Studies;
using Octavo.Nn;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Matrix;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench.Studies;

/// <summary>Runs the cells of one toy and mode together. Toys are trained when their first cell comes, into a folder that goes with the bench.</summary>
/// <param name="host">Finds the bundled toy.</param>
/// <param name="contexts">Of each cell.</param>
internal sealed class ToyBench(StudyHost host, int contexts) : IStudyBench
{
    /// <summary>Tokens with most attention that are compared between turns.</summary>
    public const int Compared = 8;

    private readonly ModelShelf _models = new(host.Threads ?? 1);
    private string? _folder;

    public IEnumerable<StudyResult> Run(IReadOnlyList<StudyCell> cells, CancellationToken cancellationToken)
    {
        var seed = cells[0].Seed;
        var model = _models.Take(seed == ToyStudy.BundledSeed ? host.Models.Resolve(ToyModel.Id) : Trained(seed, cancellationToken), KvType.F32);
        var isTurns = cells[0][MatrixPlan.Mode] == MatrixConfig.MultiTurn;
        var options = new PromptOptions { Mode = isTurns ? ContextMode.MultiTurn : ContextMode.MultiRequest, MaxTurns = ToyStudy.Turns };
        var run = new TaskRun(model, TaskRules.Of(ToyTask.Name), options);
        List<ToySetting> settings = [.. ToySettings.List.Where(setting => cells.Any(cell => ToyStudy.Of(cell) == setting))];
        List<SharedContext> rows = [.. Enumerable.Range(0, contexts).Select(row => ToyTask.Make(seed, row, turns: ToyStudy.Turns))];
        var answers = rows.Select(row => run.RunAll(row, [.. settings.Select(setting => setting.Kv)], cancellationToken)).ToList();
        var shift = new AttentionShift(model, Compared);
        var shifts = settings.Any(setting => setting.Method == ToySettings.Full) ? rows.Select(row => shift.Of(run.Build(row), options.Mode, cancellationToken)).ToList() : [];
        foreach (var cell in cells)
        {
            var (setting, turn) = (settings.FindIndex(setting => ToyStudy.Of(cell) == setting), MatrixPlan.TurnOf(cell) - 1);
            var looked = cell[MatrixPlan.Method] == ToySettings.Full && turn > 0 ? shifts : [];
            yield return TurnFigures.Of(cell, [.. answers.Select(row => row[setting][turn])], 1.0 / ToyTask.MostPairs, [.. looked.Select(row => row[turn - 1])]);
        }
    }

    public void Dispose()
    {
        _models.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    // apart, so that cells of the bundled toy touch nothing of TorchSharp
    [MethodImpl(MethodImplOptions.NoInlining)]
    private string Trained(ulong seed, CancellationToken cancellationToken)
    {
        _folder ??= Directory.CreateTempSubdirectory("octavo-").FullName;
        var config = new ToyConfig { OutputDir = Path.Combine(_folder, $"{ToyModel.Id}-{seed}"), Seed = (long)seed };
        if (!Directory.Exists(config.OutputDir))
        {
            host.Note($"a toy is trained from seed {seed}; this takes a minute.");
            TorchRuntime.Ensure(new TorchOptions { Threads = config.Threads }, cancellationToken);
            ToyRecipe.Run(config, null, cancellationToken);
        }
        return config.OutputDir;
    }
}
