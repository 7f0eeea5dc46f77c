using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;

namespace Octavo.Cli.ScBench;

/// <summary><c>octavo scbench run</c>: asks a model all questions on shared contexts, with one method for keys and values or several.</summary>
/// <param name="model">The option for the model.</param>
/// <param name="task">The options for the rows.</param>
/// <param name="output">The option for the predictions.</param>
/// <param name="json">The option for figures as JSON.</param>
/// <param name="force">The option that asks a toy anything.</param>
internal sealed class ScBenchRun(Option<string?> model, ScBenchTask task, Option<string?> output, Option<string?> json, Option<string?> force)
{
    private readonly Option<string?> _data = Options.Text("--data", "FILE", "Rows that 'scbench gen' wrote, or of the released data (JSONL); else they are made.");
    private readonly Option<string?> _mode = Options.Text("--mode", "NAME", "How questions share a context: multi-turn (the default), multi-request, or both.");
    private readonly Option<string?> _history = Options.Text("--history", "NAME", "What turns stand behind: golden answers (the default), or the model's own (self).");
    private readonly Option<string[]> _kv = Options.Texts(
        "--kv", "TYPE|METHOD", "As chat's --kv; may be given again to compare. {row} in it stands for the row's number. 'full' by default.");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads that compute; all processors by default.");
    private readonly Option<string?> _context = Options.Whole("--context", "Positions that a conversation may take; the middle of a longer context is left out. The model's own by default.");

    public IEnumerable<Symbol> Symbols => [model, _data, .. task.Symbols, _mode, _history, _kv, _threads, _context, force, output, json];

    public int Run(IReadOnlyList<string> names, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (names.Count > 0)
            throw new ConfigException($"scbench run takes no file behind it, and got '{names[0]}'; rows of a file are given with --data.");
        var settings = Settings(parsed);
        var modes = Modes(parsed);
        var path = Installation.Models.Resolve(parsed.GetValue(model) ?? Installation.BundledModel);
        var domain = ToyDomain.Of(path);
        var (rules, rows) = Rows(parsed, path, interrupts.Token);
        if (parsed.GetValue(output) is { } file)
            TextFile.Check("--output", file);
        using var status = new StatusLine(terminal, isOn: true);
        List<Prediction> predictions = [];
        // settings of one type of storage share a model
        foreach (var group in settings.GroupBy(setting => setting.Type))
        {
            using var loaded = LanguageModel.Load(path, new EngineOptions { Threads = parsed.Whole(_threads), ContextLength = parsed.Whole(_context), KvType = group.Key });
            foreach (var mode in modes)
            {
                var run = new TaskRun(loaded, rules, mode, task.IsRaw(parsed)) { Asked = ids => domain?.Check(loaded.Tokenizer, ids, parsed.Has(force)) };
                foreach (var kv in group)
                    Ask(run, rows, kv, predictions, status, interrupts.Token);
            }
        }
        status.Clear();
        domain?.Tell(terminal);
        if (parsed.GetValue(output) is { } kept)
            ScBenchGen.WriteLines(kept, predictions.Select(PredictionJson.Write));
        ScBenchTable.Write(terminal, TurnScores.Of(predictions), parsed.Has(json));
        return 0;
    }

    private static void Ask(
        TaskRun run, IReadOnlyList<SharedContext> rows, KvSetting kv, List<Prediction> predictions, StatusLine status, CancellationToken cancellationToken)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            status.Report($"{kv.Text}, contexts", i, rows.Count);
            predictions.AddRange(run.Run(rows[i], kv, cancellationToken));
        }
    }

    private (TaskRules Rules, IReadOnlyList<SharedContext> Rows) Rows(ParseResult parsed, string path, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_data) is { } file)
            return task.Read(parsed, file);
        _ = task.Name(parsed);
        var (rules, rows, _) = task.Make(parsed, task.Prompts(parsed, path), cancellationToken);
        return (rules, [.. rows]);
    }

    private List<PromptOptions> Modes(ParseResult parsed)
    {
        var history = parsed.GetValue(_history) switch
        {
            null or "golden" => AnswerHistory.Golden,
            "self" => AnswerHistory.Self,
            var other => throw new ConfigException($"--history is '{other}'; give golden or self."),
        };
        List<ContextMode> modes = parsed.GetValue(_mode) switch
        {
            null or "multi-turn" => [ContextMode.MultiTurn],
            "multi-request" => [ContextMode.MultiRequest],
            "both" => [ContextMode.MultiTurn, ContextMode.MultiRequest],
            var other => throw new ConfigException($"--mode is '{other}'; give multi-turn, multi-request or both."),
        };
        List<PromptOptions> options =
        [
            .. modes.Select(mode => new PromptOptions { Mode = mode, History = history, MaxTurns = task.Turns(parsed), MaxNewTokens = task.MaxTokens(parsed) }),
        ];
        options.ForEach(option => option.Validate());
        return options;
    }

    private List<KvSetting> Settings(ParseResult parsed)
    {
        var texts = parsed.GetValue(_kv) is { Length: > 0 } given ? given : ["full"];
        if (texts.GroupBy(text => text).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ConfigException($"--kv is given twice as '{twice.Key}'; give it once.");
        List<KvSetting> settings = [];
        foreach (var text in texts)
        {
            var (type, method) = EngineFlags.ReadKv(text);
            var setting = new KvSetting(text, type, method);
            // before a model is loaded
            setting.MethodOf(0)?.Validate();
            settings.Add(setting);
        }
        return settings;
    }
}
