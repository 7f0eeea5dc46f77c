using System.Globalization;
using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.Evaluation.Charts;
using Octavo.Training.Data;
using Octavo.Training.Data.Checks;

namespace Octavo.Cli.Data;

/// <summary>Tells what a check of data has found.</summary>
internal static class CheckText
{
    /// <summary>For people.</summary>
    public static void Write(Terminal terminal, CheckReport report)
    {
        var rich = new Rich(terminal);
        rich.Title(report.Path);
        rich.Facts(Facts(report));
        var shown = report.Errors.Concat(report.Notes)
            .OrderBy(finding => !finding.Kind.IsError()).ThenBy(finding => finding.Number).ToList();
        if (shown.Count > 0)
        {
            terminal.Out.WriteLine();
            rich.Table([$">{report.Unit}", "", "what", "where"], shown.Select(finding => (IReadOnlyList<Spectre.Console.Rendering.IRenderable>)
            [
                Rich.Plain(finding.Number.ToString(CultureInfo.InvariantCulture)),
                finding.Kind.IsError() ? Rich.Bad("error") : Rich.Weak("note"),
                Rich.Plain(Plain(finding.Message)),
                Rich.Weak(Plain(finding.Excerpt)),
            ]));
        }
        var hidden = report.Counts.Where(count => count.Key.IsError()).Sum(count => count.Value) - report.Errors.Count;
        if (hidden > 0)
            terminal.Out.WriteLine($"{ChartNumber.Count(hidden)} more errors are counted and not shown.");
        terminal.Out.WriteLine();
        if (report.BadRows == 0)
            rich.Line("no errors", isGood: true);
        else
            terminal.Out.WriteLine($"{ChartNumber.Count(report.BadRows)} of {ChartNumber.Count(report.Rows)} rows have errors");
        terminal.Out.WriteLine();
    }

    /// <summary>For machines.</summary>
    public static void WriteJson(Utf8JsonWriter json, IReadOnlyList<CheckReport> reports)
    {
        json.WriteBoolean("ok", reports.All(report => report.BadRows == 0));
        json.WriteStartArray("files");
        foreach (var report in reports)
        {
            json.WriteStartObject();
            json.WriteString("path", report.Path);
            json.WriteString("form", report.Form.Name);
            json.WriteNumber("rows", report.Rows);
            json.WriteNumber("bad_rows", report.BadRows);
            json.WriteStartObject("counts");
            foreach (var (kind, count) in report.Counts)
                json.WriteNumber(kind.Name(), count);
            json.WriteEndObject();
            if (report.Tokens is { } tokens)
                WriteTokens(json, tokens);
            WriteFindings(json, "errors", report.Unit, report.Errors);
            WriteFindings(json, "notes", report.Unit, report.Notes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static IEnumerable<(string Name, string Value)> Facts(CheckReport report)
    {
        yield return ("rows", ChartNumber.Count(report.Rows));
        yield return ("form", report.Form.ToString());
        foreach (var (kind, count) in report.Counts)
            yield return (kind.Text(), ChartNumber.Count(count));
        if (report.Tokens is not { } tokens)
        {
            yield return ("tokens", "not counted; give --model for lengths, masks and special tokens");
            yield break;
        }
        yield return ("examples", ChartNumber.Count(tokens.Examples));
        yield return (
            "tokens", $"{ChartNumber.Count(tokens.Tokens)}, of which {ChartNumber.Count(tokens.Targets)} ({Share(tokens.Targets, tokens.Tokens)}) are learned");
        yield return ("longest", $"{ChartNumber.Count(tokens.Longest)} tokens");
        yield return ("cut", $"{Share(tokens.Truncated, tokens.Examples)} of the examples, {ChartNumber.Count(tokens.CutTokens)} tokens");
    }

    private static void WriteTokens(Utf8JsonWriter json, StreamReport tokens)
    {
        json.WriteStartObject("tokens");
        json.WriteNumber("examples", tokens.Examples);
        json.WriteNumber("tokens", tokens.Tokens);
        json.WriteNumber("targets", tokens.Targets);
        json.WriteNumber("longest", tokens.Longest);
        json.WriteNumber("truncated", tokens.Truncated);
        json.WriteNumber("cut_tokens", tokens.CutTokens);
        json.WriteNumber("no_target", tokens.NoTarget);
        json.WriteNumber("too_long", tokens.TooLong);
        json.WriteEndObject();
    }

    private static void WriteFindings(Utf8JsonWriter json, string name, string unit, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray(name);
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteNumber(unit, finding.Number);
            json.WriteString("kind", finding.Kind.Name());
            json.WriteString("message", finding.Message);
            json.WriteString("excerpt", finding.Excerpt);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Share(long part, long whole) =>
        whole == 0 ? "0 %" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:F1} %");

    // what stands in data must not steer a terminal
    private static string Plain(string text) => string.Concat(text.Select(unit => char.IsControl(unit) ? ' ' : unit));
}
