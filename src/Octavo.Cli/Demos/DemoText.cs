using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Systems;

namespace Octavo.Cli.Demos;

/// <summary>A demonstration's claim, figures and verdict.</summary>
internal static class DemoText
{
    public static void Write(Terminal terminal, DemoResult result)
    {
        var rich = new Rich(terminal);
        rich.Facts([("Claim", result.Claim), ("Control", result.Control), ("Run", result.Setting)]);
        terminal.Out.WriteLine();
        rich.Table(["", .. result.Columns.Select(column => ">" + column)], result.Rows.Select(row => row.Figures.Select(Number)
            .Prepend(row.IsControl ? $"{row.Name} (control)" : row.Name).Select(cell => row.IsControl ? Rich.Weak(cell) : Rich.Plain(cell)).ToList()));
        terminal.Out.WriteLine();
        rich.Table(["has to hold", ">figure", ""], result.Checks.Select(check => (IReadOnlyList<Spectre.Console.Rendering.IRenderable>)
            [Rich.Plain(check.Text), Rich.Plain(Number(check.Figure)), check.Holds ? Rich.Good("holds") : Rich.Bad("does not hold")]));
        terminal.Out.WriteLine();
        rich.Line(result.Holds ? "The claim holds." : "The claim does not hold.", result.Holds);
    }

    public static void WriteJson(Terminal terminal, string name, ulong seed, DemoResult result) => JsonText.WriteIndented(terminal.Out, json =>
    {
        json.WriteString("demo", name);
        json.WriteNumber("seed", seed);
        json.WriteString("claim", result.Claim);
        json.WriteString("control", result.Control);
        json.WriteString("run", result.Setting);
        json.WriteTexts("columns", result.Columns);
        json.WriteStartArray("rows");
        foreach (var row in result.Rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteBoolean("isControl", row.IsControl);
            json.WriteStartArray("figures");
            foreach (var figure in row.Figures)
                json.WriteNumberValue(Math.Round(figure, 3));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("checks");
        foreach (var check in result.Checks)
        {
            json.WriteStartObject();
            json.WriteString("check", check.Text);
            json.WriteNumber("figure", Math.Round(check.Figure, 3));
            json.WriteBoolean("holds", check.Holds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("holds", result.Holds);
    });

    private static string Number(double figure) => figure.ToString("F1", CultureInfo.InvariantCulture);
}
