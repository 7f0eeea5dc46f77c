using System.CommandLine;
using System.Text.Json;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core.Store;
using Octavo.Models;

namespace Octavo.Cli.Verbs;

/// <summary>Lists the models of this machine, the systems, and the architectures that can be run.</summary>
internal sealed class ListVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "list", "Models", "Lists the models of this machine and the systems; --architectures what can be run.",
        [
            "octavo list",
            "octavo list --architectures --json",
        ],
        () => new ListVerb());

    private readonly Option<string?> _architectures = Options.Flag("--architectures", "Lists the architectures that can be run, and nothing else.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_architectures, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var isJson = parsed.Has(_json);
        if (parsed.Has(_architectures))
            return ListArchitectures(terminal, isJson);
        var store = Installation.Models;
        var models = store.List();
        if (isJson)
        {
            JsonText.WriteLine(terminal.Out, json => WriteJson(json, models));
            return 0;
        }
        var rich = new Rich(terminal);
        rich.Title("Models");
        if (models.Count == 0)
            terminal.Out.WriteLine($"none; looked in {string.Join(", ", store.Places)}");
        else
            rich.Table(["id", ">size", "path"], models.Select(model => new[] { Rich.Plain(model.Id), Rich.Plain(Rich.Bytes(model.Bytes)), Rich.Weak(model.Path) }));
        terminal.Out.WriteLine();
        rich.Title("Systems");
        rich.Table(["system", "command", "state", "evidence", "paper"], Systems.All.Select(system => new[]
        {
            Rich.Plain(system.Name), Rich.Plain(system.Command), Rich.Plain(system.State), Rich.Plain(system.Evidence), Rich.Weak(system.Paper),
        }));
        return 0;
    }

    private static int ListArchitectures(Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            JsonText.WriteLine(terminal.Out, json =>
            {
                json.WriteTexts("architectures", Architectures.Supported);
                json.WriteTexts("gguf", Architectures.SupportedGguf);
            });
            return 0;
        }
        foreach (var name in Architectures.Supported)
            terminal.Out.WriteLine(name);
        terminal.Out.WriteLine($"GGUF: {string.Join(", ", Architectures.SupportedGguf)}");
        return 0;
    }

    private static void WriteJson(Utf8JsonWriter json, IReadOnlyList<StoredModel> models)
    {
        json.WriteStartArray("models");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("id", model.Id);
            json.WriteString("path", model.Path);
            json.WriteString("place", model.Place);
            json.WriteNumber("bytes", model.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("systems");
        foreach (var system in Systems.All)
        {
            json.WriteStartObject();
            json.WriteString("name", system.Name);
            json.WriteString("paper", system.Paper);
            json.WriteString("command", system.Command);
            json.WriteString("state", system.State);
            json.WriteString("evidence", system.Evidence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
