using System.CommandLine;
using System.CommandLine.Parsing;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Data;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli.Verbs;

/// <summary>Data to train on and to measure with.</summary>
internal sealed class DataVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "data", "Train", "Makes data to train on and to measure with, checks it before training, and shows what of it is learned.",
        [
            "octavo data make gsm --steps 2 --split train --count 4000 -o train.jsonl",
            "octavo data make rehearsal --count 500 -o rehearsal.jsonl",
            "octavo data check train.jsonl --model smollm2-135m-instruct --max-seq-length 1024",
            "octavo data check -c recipes/local/sft-lora.yaml",
            "octavo data show train.jsonl --model smollm2-135m-instruct --row 12",
            "octavo data show train.jsonl --model smollm2-135m-instruct --count 8 --packed",
        ],
        () => new DataVerb());

    private readonly Argument<string?> _action;
    private readonly Argument<string[]> _names = new("NAME")
    {
        Description = "What to make (gsm, arithmetic, arc, hellaswag, ifeval, english, rehearsal), or data files: JSONL, a JSON array or Parquet.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly List<DataAction> _actions;

    public DataVerb()
    {
        var (flags, json) = (new DataFlags(), Options.Json());
        var count = Options.Whole("--count", "make: how many rows (1000); english: the most documents, all by default. show: how many examples (1).");
        var (make, check, show) = (new DataMake(flags.Model, count), new DataCheckAction(flags, json), new DataShowAction(flags, count, json));
        _actions =
        [
            new("make", make.Symbols, (names, parsed, terminal, interrupts) => make.Run(names is [var name, ..] ? name : null, parsed, terminal, interrupts)),
            new("check", check.Symbols, check.Run),
            new("show", show.Symbols, show.Run),
        ];
        _action = Options.OptionalText("ACTION", string.Join(", ", _actions.Select(action => action.Name)));
    }

    // actions share options
    public override IEnumerable<Symbol> Symbols => [_action, _names, .. _actions.SelectMany(action => action.Symbols).Distinct()];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var names = _actions.Select(action => action.Name).ToList();
        var wanted = parsed.GetValue(_action)
            ?? throw new ConfigException($"data: say what to do: {string.Join(" or ", names)}.");
        var chosen = _actions.FirstOrDefault(action => action.Name == wanted)
            ?? throw new ConfigException($"data: there is no '{wanted}'.{Nearest.Hint(wanted, names)} Give {string.Join(" or ", names)}.");
        var known = chosen.Symbols.ToHashSet();
        var foreign = parsed.CommandResult.Children.OfType<OptionResult>()
            .FirstOrDefault(option => !option.Implicit && !known.Contains(option.Option));
        if (foreign is not null)
            throw new ConfigException($"{foreign.Option.Name} has no effect on data {wanted}; leave it out.");
        return chosen.Run(parsed.GetValue(_names) ?? [], parsed, terminal, interrupts);
    }
}
