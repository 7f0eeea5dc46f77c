using Octavo.Engine;
using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;
using Octavo.Systems.ScBench.Tasks;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench.Matrix;

/// <summary>Runs cells of one model, task, length, mode and seed together: all methods share the reading of each context.</summary>
internal sealed class MatrixBench(MatrixConfig config, IReadOnlyList<KvSetting> methods, MatrixTools tools, IReadOnlyDictionary<string, string> paths) : IStudyBench
{
    private readonly ModelShelf _models = new(config.Threads);

    public IEnumerable<StudyResult> Run(IReadOnlyList<StudyCell> cells, CancellationToken cancellationToken)
    {
        var (first, path) = (cells[0], paths[cells[0][MatrixPlan.Model]]);
        var options = config.Prompts(first[MatrixPlan.Mode]);
        var rows = Rows(path, first, cancellationToken);
        var chance = rows.Average(row => Chance(first[MatrixPlan.Task], row));
        List<KvSetting> open = [.. methods.Where(method => cells.Any(cell => cell[MatrixPlan.Method] == method.Text))];
        // settings of one type of storage share a model
        foreach (var group in open.GroupBy(method => method.Type))
        {
            List<KvSetting> settings = [.. group];
            var model = _models.Take(path, group.Key);
            var asked = tools.Asked(path);
            var run = new TaskRun(model, TaskRules.Of(first[MatrixPlan.Task]), options, config.Raw) { Asked = ids => asked?.Invoke(model, ids) };
            var answers = rows.Select(row => run.RunAll(row, settings, cancellationToken)).ToList();
            for (var i = 0; i < settings.Count; i++)
            {
                var shifts = MatrixConfig.IsFull(settings[i]) ? Shifts(model, run, options, rows, cancellationToken) : [];
                foreach (var cell in cells.Where(cell => cell[MatrixPlan.Method] == settings[i].Text))
                {
                    var turn = MatrixPlan.TurnOf(cell) - 1;
                    yield return TurnFigures.Of(
                        cell, [.. answers.Select(row => row[i][turn])], chance, turn > 0 && shifts.Count > 0 ? [.. shifts.Select(row => row[turn - 1])] : []);
                }
            }
        }
    }

    public void Dispose() => _models.Dispose();

    private List<SharedContext> Rows(string path, StudyCell cell, CancellationToken cancellationToken)
    {
        var model = _models.Take(path, methods[0].Type);
        var prompts = new PromptBuilder(model.Tokenizer, config.Raw || model.Template is null ? null : ChatPrompt.Of(model));
        var task = cell[MatrixPlan.Task];
        return [.. TaskRows.Make(task, prompts, cell.Seed, config.Contexts, MatrixPlan.TokensOf(cell), config.TurnsOf(task), config.MaxTokens, cancellationToken)];
    }

    private List<IReadOnlyList<(double Overlap, double Cosine)>> Shifts(
        LanguageModel model, TaskRun run, PromptOptions options, IReadOnlyList<SharedContext> rows, CancellationToken cancellationToken)
    {
        var shift = new AttentionShift(model, config.TopK);
        return [.. rows.Select(row => shift.Of(run.Build(row), options.Mode, cancellationToken))];
    }

    private static double Chance(string task, SharedContext row) => task == ToyTask.Name ? 1.0 / ToyTask.MostPairs : SyntheticTasks.Of(task).Chance(row);
}
