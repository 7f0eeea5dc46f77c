using System.CommandLine;
using System.CommandLine.Parsing;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Data;
using Octavo.Cli.Output;
using Octavo.Cli.ScBench;
using Octavo.Core;

namespace Octavo.Cli.Verbs;

/// <summary>What methods for keys and values cost and break when many questions share a long context.</summary>
internal sealed class ScBenchVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "scbench", "Systems", "Measures methods for keys and values on long contexts that many questions share.",
        [
            "octavo scbench run --task kv_words --tokens 500 --count 4 --kv full --kv snapkv:budget=128",
            "octavo scbench run --model scbench-toy --task toy_kv --count 50 --mode both --kv full --kv snapkv:window=4,budget=24",
            "octavo scbench gen --task prefix_suffix --tokens 7000 --count 50 --seed 7 -o prefix_suffix.jsonl",
            "octavo scbench run --data prefix_suffix.jsonl --mode multi-request -o predictions.jsonl",
            "octavo scbench score predictions.jsonl",
            "octavo scbench search-patterns --task kv --tokens 4000 -o patterns.json",
            "octavo scbench matrix -c recipes/scbench/matrix.yaml",
            "octavo scbench report out/matrix",
        ],
        () => new ScBenchVerb());

    private readonly Argument<string?> _action;
    private readonly Argument<string[]> _names = new("FILE") { Description = "score: files of predictions. report: the folder of a matrix.", Arity = ArgumentArity.ZeroOrMore };
    private readonly List<DataAction> _actions;

    public ScBenchVerb()
    {
        var (model, task, json) = (Options.Model("Folder, .gguf file or id; the bundled model by default. gen reads its tokenizer only."), new ScBenchTask(), Options.Json());
        var output = Options.Text("--output", "FILE", "gen: where rows are written, standard output by default. run and score: keeps predictions, one to a line. matrix: the folder, output_dir by default.", "-o");
        var force = Options.Flag("--force", "run and matrix: asks a toy model outside its domain too.");
        var (gen, run, score) = (new ScBenchGen(model, task, output), new ScBenchRun(model, task, output, json, force), new ScBenchScore(output, json));
        var matrix = new ScBenchMatrix(output, json, force);
        var patterns = new ScBenchPatterns(model, task, output);
        _actions =
        [
            new("gen", gen.Symbols, gen.Run), new("run", run.Symbols, run.Run), new("score", score.Symbols, score.Run),
            new("matrix", matrix.Symbols, matrix.Run), new("report", matrix.ReportSymbols, matrix.Report),
            new("search-patterns", patterns.Symbols, patterns.Run),
        ];
        _action = Options.OptionalText("ACTION", string.Join(", ", _actions.Select(action => action.Name)));
    }

    // actions share options
    public override IEnumerable<Symbol> Symbols => [_action, _names, .. _actions.SelectMany(action => action.Symbols).Distinct()];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var names = _actions.Select(action => action.Name).ToList();
        var wanted = parsed.GetValue(_action) ?? throw new ConfigException($"scbench: say what to do: {string.Join(" or ", names)}.");
        var chosen = _actions.FirstOrDefault(action => action.Name == wanted)
            ?? throw new ConfigException($"scbench: there is no '{wanted}'.{Nearest.Hint(wanted, names)} Give {string.Join(" or ", names)}.");
        var known = chosen.Symbols.ToHashSet();
        var foreign = parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(option => !option.Implicit && !known.Contains(option.Option));
        if (foreign is not null)
            throw new ConfigException($"{foreign.Option.Name} has no effect on scbench {wanted}; leave it out.");
        return chosen.Run(parsed.GetValue(_names) ?? [], parsed, terminal, interrupts);
    }
}
