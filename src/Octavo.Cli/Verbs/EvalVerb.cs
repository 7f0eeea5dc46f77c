using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Evaluations;
using Octavo.Cli.Output;
using Octavo.Engine;
using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Running;

namespace Octavo.Cli.Verbs;

/// <summary>Measures a model on tasks, sample by sample.</summary>
internal sealed class EvalVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "eval", "Judge", "Measures a model on tasks: figures with intervals, and every sample to look at.",
        [
            "octavo eval --tasks gsm-like --steps 2 --limit 200",
            "octavo eval --adapter output/sft-lora/model --tasks gsm-like --steps 2",
            "octavo eval --model path/to/model --tasks gsm-like,arc-like --split test --limit 500 --batch-size 16 --output results",
        ],
        () => new EvalVerb());

    private const int DefaultLimit = 100;
    private const int DefaultBatch = 8;

    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; the bundled model by default.");
    private readonly Option<string?> _tasks = Options.Text("--tasks", "A,B", "What to measure; docs/eval.md lists the tasks.");
    private readonly Option<string?> _split = Options.Text("--split", "NAME", "test (the default), dev or train; gsm-like also has test-range.");
    private readonly Option<string?> _limit = Options.Whole("--limit", "Samples of each task (100).");
    private readonly Option<string?> _steps = Options.Whole("--steps", "gsm-like: equations of each problem, 1 to 3; mixed by default.");
    private readonly Option<string?> _seed = Options.Whole("--seed", "Seeds the samples and the intervals; 0 by default.");
    private readonly Option<string?> _batch = Options.Whole("--batch-size", "Answers at once, 1 to 64 (8); results do not depend on it.");
    private readonly Option<string?> _output = Options.Text(
        "--output", "DIR", "Keeps every sample as a line of JSON; the same command goes on where it was ended.", "-o");
    private readonly AdapterFlags _adapters = new();
    private readonly EngineFlags _engine = new();
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols =>
        [_model, _tasks, _split, _limit, _steps, _seed, _batch, _output, .. _adapters.Symbols, .. _engine.Symbols, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var engine = _engine.Read(parsed);
        _adapters.Check(parsed);
        var tasks = TaskArgument.Read(parsed.GetValue(_tasks), parsed.Whole(_steps));
        var (split, seed) = (parsed.GetValue(_split) ?? "test", parsed.Unsigned(_seed) ?? 0);
        var (limit, batch) = (parsed.Whole(_limit) ?? DefaultLimit, parsed.Whole(_batch) ?? DefaultBatch);
        new BatchOptions { MaxSequences = batch }.Validate();
        // before the model, so that a wrong split or limit is told at once
        var samples = tasks.Select(task => task.Samples(split, limit, seed)).ToList();
        var path = Installation.Models.Resolve(parsed.GetValue(_model) ?? Installation.BundledModel);
        using var status = new StatusLine(terminal, isOn: true);
        using var model = LanguageModel.Load(path, engine);
        var adapter = _adapters.Add(parsed, model, terminal.Note);
        var fingerprint = ModelFingerprint.Of(model, engine, adapter);
        var runner = new EngineRunner(model, batch, adapter);
        List<TaskFigures> figures = [];
        foreach (var (task, asked) in tasks.Zip(samples))
        {
            using var file = parsed.GetValue(_output) is { } folder
                ? SampleFile.Open(folder, task.Name, $"{fingerprint}\ntask {task.Name} {task.Version}\nsettings {task.Settings(split)}\nsplit {split}\nseed {seed}\n")
                : null;
            var run = new EvaluationRun(runner, (done, total) => status.Report(task.Name, done, total));
            figures.Add(TaskFigures.Of(task, split, run.Run(asked, file, interrupts.Token), seed));
        }
        status.Clear();
        Report(parsed, terminal, figures);
        return 0;
    }

    private void Report(ParseResult parsed, Terminal terminal, List<TaskFigures> figures)
    {
        var json = JsonText.MakeIndented(json =>
        {
            json.WriteStartArray("tasks");
            figures.ForEach(task => task.Write(json));
            json.WriteEndArray();
        });
        if (parsed.GetValue(_output) is { } folder)
            TextFile.Write(Path.Combine(folder, "results.json"), json);
        if (parsed.Has(_json))
            terminal.Out.WriteLine(json);
        else
            EvaluationTable.Write(terminal, figures);
    }
}
