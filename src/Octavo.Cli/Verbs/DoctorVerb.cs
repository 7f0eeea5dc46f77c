using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Doctor;
using Octavo.Cli.Output;
using Octavo.Nn;

namespace Octavo.Cli.Verbs;

/// <summary>Looks at the machine; each thing that is wrong comes with what to do about it.</summary>
internal sealed class DoctorVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "doctor", "House", "Looks at this machine; each line that is not ok comes with its fix.",
        ["octavo doctor", "octavo doctor --json", "octavo doctor --fetch"],
        () => new DoctorVerb());

    private readonly Option<string?> _json = Options.Json();
    private readonly Option<string?> _fetch = Options.Flag("--fetch", "Fetches libtorch first (about 130 MB), which training needs, where it is not here yet.");

    public override IEnumerable<Symbol> Symbols => [_fetch, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (parsed.Has(_fetch))
            Fetch(terminal, interrupts);
        var findings = Checkup.Run();
        var exit = findings.Any(finding => finding is { Fix: not null, Blocks: true }) ? 1 : 0;
        if (parsed.Has(_json))
        {
            JsonText.WriteIndented(terminal.Out, json =>
            {
                json.WriteStartArray("findings");
                foreach (var finding in findings)
                {
                    json.WriteStartObject();
                    json.WriteString("what", finding.What);
                    json.WriteString("state", finding.State);
                    json.WriteString("found", finding.Found);
                    json.WriteString("fix", finding.Fix);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
            return exit;
        }
        new Rich(terminal).Table(["", "what", "found, and the fix"], findings.Select(finding => new[]
        {
            finding.State == "ok" ? Rich.Good("ok") : Rich.Bad(finding.State),
            Rich.Plain(finding.What),
            Rich.Plain(finding.Fix is null ? finding.Found : $"{finding.Found}. {finding.Fix}"),
        }));
        return exit;
    }

    private static void Fetch(Terminal terminal, Interrupts interrupts)
    {
        using var status = new StatusLine(terminal, isOn: true);
        TorchRuntime.Fetch(new TorchOptions { Progress = TorchProgress.On(status) }, interrupts.Token);
    }
}
