using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Doctor;
using Octavo.Cli.Output;

namespace Octavo.Cli.Verbs;

/// <summary>Looks at the machine; each thing that is wrong comes with what to do about it.</summary>
internal sealed class DoctorVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "doctor", "House", "Looks at this machine; each line that is not ok comes with its fix.",
        ["octavo doctor", "octavo doctor --json"],
        () => new DoctorVerb());

    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
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
}
