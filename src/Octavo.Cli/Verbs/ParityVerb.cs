using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Cli.Parity;
using Octavo.Core;
using Spectre.Console.Rendering;

namespace Octavo.Cli.Verbs;

/// <summary>Compares what Octavo computes with what reference libraries computed.</summary>
internal sealed class ParityVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "parity", "Models", "Compares results with goldens: what reference libraries computed from the same weights.",
        [
            "octavo parity golden/decoders/llama",
            "octavo parity golden --json",
        ],
        () => new ParityVerb());

    private const int FewForeign = 5;

    private readonly Argument<string?> _folder = Options.OptionalText("DIR", "A golden, or a folder with goldens below it.");
    private readonly EngineFlags _engine = new(withExact: false);
    private readonly Option<string?> _json = Options.Json();
    private readonly Option<string?> _noProgress = Options.Flag("--no-progress", "Shows no progress.");

    public override IEnumerable<Symbol> Symbols => [_folder, .. _engine.Symbols, _json, _noProgress];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var folder = parsed.GetValue(_folder) ?? throw new ConfigException("there is no folder; give one with a golden.json in it or below it.");
        var context = new ParityContext(_engine.Read(parsed), interrupts.Token) { WithTraining = HasLibtorch() };
        var folders = Golden.Find(folder);
        List<GoldenResult> results = [];
        using (var status = new StatusLine(terminal, !parsed.Has(_noProgress)))
        {
            foreach (var golden in folders)
            {
                interrupts.Token.ThrowIfCancellationRequested();
                status.Report("goldens", results.Count, folders.Count);
                results.Add(GoldenResult.Of(golden, context));
            }
        }
        if (parsed.Has(_json))
            JsonText.WriteIndented(terminal.Out, json => WriteJson(json, results));
        else
            WriteTable(terminal, folder, results);
        return ExitOf(results);
    }

    // goldens are no reason to fetch it: without it what needs it is told by name
    private static bool HasLibtorch()
    {
        try
        {
            return Nn.TorchStatus.Read().Folder is not null;
        }
        catch (UnsupportedException)
        {
            return false;
        }
    }

    /// <summary>1 where one failed, 2 where a model is missing, 6 where one is not supported, else 0.</summary>
    internal static int ExitOf(IReadOnlyList<GoldenResult> results)
    {
        bool Any(GoldenStatus status) => results.Any(result => result.Status == status);
        return Any(GoldenStatus.Failed) ? 1 : Any(GoldenStatus.Missing) ? 2 : Any(GoldenStatus.Unsupported) ? 6 : 0;
    }

    private static int Count(IReadOnlyList<GoldenResult> results, GoldenStatus status) => results.Count(result => result.Status == status);

    private static void WriteTable(Terminal terminal, string folder, List<GoldenResult> results)
    {
        var rich = new Rich(terminal);
        // Many goldens of kinds that nothing runs yet would hide the others; they are told in one line.
        var foreign = results.Where(result => !GoldenRunners.Known(result.Kind) && result.Status == GoldenStatus.Unsupported).ToList();
        List<GoldenResult> shown = [.. foreign.Count > FewForeign ? results.Except(foreign) : results];
        if (shown.Count > 0)
            rich.Table(["golden", "output", ">largest error", ">tolerance", ""], shown.SelectMany(result => Rows(folder, result)));
        foreach (var result in shown)
        {
            foreach (var output in result.Outputs.Where(output => output.Detail is not null))
                terminal.Out.WriteLine($"{Name(folder, result)}, {output.Name}: {output.Detail}");
            if (result.Message is not null)
                terminal.Out.WriteLine($"{Name(folder, result)}: {result.Message}");
        }
        if (shown.Count < results.Count)
        {
            terminal.Out.WriteLine(
                $"{foreign.Count} goldens are of kinds that are not supported yet: {string.Join(", ", foreign.Select(result => result.Kind).Distinct())}. "
                + $"Supported are {string.Join(", ", GoldenRunners.All.Select(runner => runner.Kind))}.");
        }
        terminal.Out.WriteLine(
            $"{Count(results, GoldenStatus.Passed)} passed, {Count(results, GoldenStatus.Failed)} failed, "
            + $"{Count(results, GoldenStatus.Unsupported)} not supported yet, {Count(results, GoldenStatus.Missing)} without their model");
    }

    private static IEnumerable<IReadOnlyList<IRenderable>> Rows(string folder, GoldenResult result)
    {
        var name = Name(folder, result);
        if (result.Outputs.Count == 0)
            yield return [Rich.Plain(name), Rich.Weak(result.Kind), Rich.Plain(""), Rich.Plain(""), Rich.Bad(Word(result.Status))];
        foreach (var output in result.Outputs)
        {
            yield return
            [
                Rich.Plain(name), Rich.Plain(output.Name), Rich.Plain(Number(output.Error)), Rich.Plain(Number(output.Allowed)),
                output.Holds ? Rich.Good("ok") : Rich.Bad("FAILED"),
            ];
            name = "";
        }
    }

    private static string Name(string folder, GoldenResult result)
    {
        var relative = Path.GetRelativePath(folder, result.Folder);
        return relative == "." ? Path.GetFileName(Path.GetFullPath(folder).TrimEnd('/')) : relative;
    }

    private static string Word(GoldenStatus status) => status switch
    {
        GoldenStatus.Unsupported => "not yet",
        GoldenStatus.Missing => "no model",
        _ => "FAILED",
    };

    private static string Number(double number) => number.ToString("0.##e+0;0;0", CultureInfo.InvariantCulture) is var text && number is 0 or >= 1 and < 1e6
        ? number.ToString("0.###", CultureInfo.InvariantCulture)
        : text;

    private static void WriteJson(Utf8JsonWriter json, IReadOnlyList<GoldenResult> results)
    {
        foreach (var status in Enum.GetValues<GoldenStatus>())
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(status.ToString()), Count(results, status));
        json.WriteStartArray("goldens");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("folder", result.Folder);
            json.WriteString("kind", result.Kind);
            json.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(result.Status.ToString()));
            json.WriteString("message", result.Message);
            json.WriteStartArray("outputs");
            foreach (var output in result.Outputs)
            {
                json.WriteStartObject();
                json.WriteString("name", output.Name);
                WriteFinite(json, "error", output.Error);
                WriteFinite(json, "tolerance", output.Allowed);
                json.WriteNumber("compared", output.Compared);
                json.WriteBoolean("holds", output.Holds);
                json.WriteString("detail", output.Detail);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFinite(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
