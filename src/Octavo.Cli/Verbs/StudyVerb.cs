using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Cli.Studies;
using Octavo.Core;
using Octavo.Systems;

namespace Octavo.Cli.Verbs;

/// <summary>Runs, reports and verifies studies.</summary>
internal sealed class StudyVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "study", "Judge", "Runs a study: a grid of settings and seeds, with verdicts and a page; lists studies without a name.",
        [
            "octavo study",
            "octavo study NAME",
            "octavo study NAME --verify --seed 7",
        ],
        () => new StudyVerb());

    private readonly Argument<string?> _name = Options.OptionalText("NAME", "Which study; none lists them.");
    private readonly Option<string?> _verify = Options.Flag("--verify", "Runs one recorded cell again and compares; exit 1 where it differs.");
    private readonly Option<string?> _report = Options.Flag("--report", "Only writes the page of the rows that are there.");
    private readonly Option<string?> _retry = Options.Flag("--retry", "Runs cells again that failed.");
    private readonly Option<string?> _seed = Options.Whole("--seed", "Chooses the cell of --verify; 0 by default.");
    private readonly Option<string?> _output = Options.Text("--output", "DIR", "The study's folder; docs/studies/NAME by default.", "-o");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads of the engine.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_name, _verify, _report, _retry, _seed, _output, _threads, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var command = new StudyCommand(terminal, SystemStudies.All, interrupts.Token)
        {
            Output = parsed.GetValue(_output),
            Retries = parsed.Has(_retry),
            Threads = parsed.Whole(_threads),
            IsJson = parsed.Has(_json),
        };
        Option[] modes = [_verify, _report, _retry];
        if (modes.Count(parsed.Has) > 1)
            throw new ConfigException("--verify, --report and --retry are three things; give one of them.");
        if (parsed.Has(_seed) && !parsed.Has(_verify))
            throw new ConfigException("--seed chooses the cell of --verify; a study's own seeds are part of its plan.");
        if (parsed.GetValue(_name) is { } name)
        {
            return parsed.Has(_verify) ? command.Verify(name, parsed.Unsigned(_seed) ?? 0)
                : parsed.Has(_report) ? command.Report(name)
                : command.Run(name);
        }
        if (Symbols.OfType<Option>().FirstOrDefault(option => option != _json && parsed.Has(option)) is { } given)
            throw new ConfigException($"{given.Name} is for one study; give its name. `octavo study` lists them.");
        return command.List();
    }
}
