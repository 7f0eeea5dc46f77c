using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Cli.Runs;
using Octavo.Core;
using Octavo.Training.Runs;

namespace Octavo.Cli.Verbs;

/// <summary>Lists, shows, compares and draws runs of training.</summary>
internal sealed class RunsVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "runs", "Train", "Lists runs of training, shows one, compares several, draws their curves, writes a report.",
        [
            "octavo runs",
            "octavo runs show runs/first",
            "octavo runs compare first second -o compare.html",
            "octavo runs plot first --metric train/grad_norm --log",
            "octavo runs report first",
            "octavo runs show first --export csv -o first.csv",
        ],
        () => new RunsVerb());

    private static readonly string[] _actions = ["list", "show", "compare", "plot", "report"];

    private readonly Argument<string?> _action = Options.OptionalText("ACTION", "list (the default), show, compare, plot or report.");
    private readonly Argument<string[]> _names = new("RUN")
    {
        Description = "A run's folder, its id, the beginning of one, or its name; for list a folder of runs.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string?> _folder = Options.Text("--dir", "DIR", "Where runs lie that are given by name or id; runs/ by default.");
    private readonly Option<string?> _metric = Options.Text("--metric", "NAME", "What plot and compare draw; train/loss by default.");
    private readonly Option<string?> _output = Options.Text(
        "--output", "FILE", "Writes to a file: .svg of plot, .svg or .html of compare, what is exported.", "-o");
    private readonly Option<string?> _export = Options.Text("--export", "FORMAT", "Every point of show's run as csv or json.");
    private readonly Option<string?> _smooth = Options.Real(
        "--smooth", "The weight of what came before, from 0 to below 1; by default by the number of points.");
    private readonly Option<string?> _log = Options.Flag("--log", "A logarithmic axis for values; in a report for losses and norms.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_action, _names, _folder, _metric, _output, _export, _smooth, _log, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var (action, names) = Read(parsed);
        CheckOptions(parsed, action);
        var (asJson, output) = (parsed.Has(_json), parsed.GetValue(_output));
        if (action == "list")
            return new RunListing(terminal, names.Count > 0 ? names[0] : parsed.GetValue(_folder) ?? RunFolders.Default).Write(asJson);
        var folders = names.Select(name => RunFolders.Resolve(name, parsed.GetValue(_folder) ?? RunFolders.Default)).ToList();
        if (action is "show")
            return Show(terminal, folders[0], parsed.GetValue(_export), output, asJson);
        if (action is "report")
            return Report(terminal, folders[0], parsed.Has(_log), asJson);
        var plots = new RunPlots(terminal, folders, new PlotOptions(parsed.GetValue(_metric), Smoothing(parsed), parsed.Has(_log)));
        return (action, asJson) switch
        {
            ("plot", true) => plots.PlotJson(),
            ("plot", false) => plots.Plot(output),
            (_, true) => plots.CompareJson(),
            _ => plots.CompareText(output),
        };
    }

    private (string Action, IReadOnlyList<string> Names) Read(ParseResult parsed)
    {
        var names = parsed.GetValue(_names) ?? [];
        var action = parsed.GetValue(_action) ?? "list";
        // `octavo runs DIR` lists a folder
        if (!_actions.Contains(action) && names.Length == 0 && Directory.Exists(action))
            (action, names) = ("list", [action]);
        var (least, most) = action switch
        {
            "list" => (0, 1),
            "show" or "report" => (1, 1),
            "plot" => (1, int.MaxValue),
            "compare" => (2, int.MaxValue),
            _ => throw new ConfigException(
                $"'{action}' is neither a folder nor what runs can do.{Nearest.Hint(action, _actions)} It can: {string.Join(", ", _actions)}."),
        };
        if (names.Length < least)
        {
            throw new ConfigException(
                $"runs {action} needs {(least == 1 ? "a run" : "two runs or more")}: its folder, id or name. `octavo runs` lists them.");
        }
        if (names.Length > most)
            throw new ConfigException($"runs {action} takes one {(action == "list" ? "folder" : "run")}; '{names[1]}' is one too many.");
        return (action, names);
    }

    private void CheckOptions(ParseResult parsed, string action)
    {
        (Option Option, string[] Actions)[] uses =
        [
            (_metric, ["plot", "compare"]), (_smooth, ["plot", "compare"]), (_log, ["plot", "compare", "report"]),
            (_output, ["plot", "compare", "show"]), (_export, ["show"]), (_folder, ["list", "show", "compare", "plot", "report"]),
        ];
        foreach (var (option, actions) in uses)
        {
            if (parsed.Has(option) && !actions.Contains(action))
                throw new ConfigException($"{option.Name} has no effect on runs {action}; it is for {string.Join(", ", actions)}.");
        }
        var isFolderNamed = parsed.GetValue(_names) is { Length: > 0 } || parsed.GetValue(_action) is not (null or "list");
        if (action == "list" && parsed.Has(_folder) && isFolderNamed)
            throw new ConfigException("the folder was given twice; give DIR or --dir.");
        if (parsed.Has(_json) && (parsed.Has(_output) || parsed.Has(_export)))
            throw new ConfigException("--json writes to standard output and is no export; leave out --output and --export.");
        if (action == "show" && parsed.Has(_output) && !parsed.Has(_export))
            throw new ConfigException("--output of runs show is for --export; give --export csv or json.");
    }

    private double? Smoothing(ParseResult parsed) => parsed.Real(_smooth) switch
    {
        null => null,
        { } weight and >= 0 and < 1 => weight,
        var wrong => throw new ConfigException($"--smooth is {wrong}; give a number from 0 to below 1."),
    };

    private static int Show(Terminal terminal, string folder, string? export, string? output, bool asJson)
    {
        if (export is not (null or "csv" or "json"))
            throw new ConfigException($"--export is '{export}'; give csv or json.");
        if (output is not null)
            TextFile.Check("-o", output);
        using var run = new RunReader(folder);
        if (export is not null)
        {
            using var text = new StringWriter { NewLine = "\n" };
            if (export == "csv")
                RunExport.WriteCsv(run, text);
            else
                JsonText.WriteIndented(text, json => RunExport.WriteJson(run, json));
            if (output is null)
                terminal.Out.Write(text);
            else
                TextFile.Write(output, text.ToString().TrimEnd('\n'));
            return 0;
        }
        var summary = RunSummary.Of(run, TimeProvider.System.GetUtcNow());
        if (asJson)
            JsonText.WriteIndented(terminal.Out, summary.WriteJson);
        else
            RunDetails.Write(terminal, summary);
        return 0;
    }

    private static int Report(Terminal terminal, string folder, bool isLog, bool asJson)
    {
        var path = RunReport.Write(folder, isLog);
        if (asJson)
        {
            JsonText.WriteLine(terminal.Out, json =>
            {
                json.WriteString("report", path);
                json.WriteString("summary", Path.Combine(folder, RunSummary.FileName));
            });
        }
        else
        {
            terminal.Out.WriteLine(path);
        }
        return 0;
    }
}
