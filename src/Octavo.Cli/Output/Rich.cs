using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Octavo.Cli.Output;

/// <summary>Tables on a terminal, and the same without frames and colours where the output is none.</summary>
internal sealed class Rich
{
    private readonly Terminal _terminal;
    private readonly IAnsiConsole _console;

    public Rich(Terminal terminal)
    {
        _terminal = terminal;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.HasColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(TextWriter.Null),
        });
        _console.Profile.Width = terminal.Width;
        _console.Profile.Capabilities.Unicode = true;
    }

    /// <summary>A heading.</summary>
    public void Title(string text) => Write(new Text(text + "\n", new Style(decoration: Decoration.Bold)));

    /// <summary>Names and what they are, without a header.</summary>
    public void Facts(IEnumerable<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().PadLeft(0));
        foreach (var (name, value) in facts)
            grid.AddRow(new Text(name, Dim), new Text(value));
        Write(grid);
    }

    /// <summary>A table.</summary>
    /// <param name="headers">One per column; one that begins with '>' is aligned to the right.</param>
    /// <param name="rows">Cells, each of them <see cref="Plain"/>, <see cref="Good"/> or <see cref="Bad"/>.</param>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<IRenderable>> rows)
    {
        var table = new Table { Border = _terminal.IsOutputTerminal ? TableBorder.Rounded : TableBorder.None };
        foreach (var header in headers)
        {
            var isRight = header.StartsWith('>');
            // digits of a number on two lines are two numbers
            var column = new TableColumn(new Text(header.TrimStart('>'), Dim)) { Alignment = isRight ? Justify.Right : Justify.Left, NoWrap = isRight };
            table.AddColumn(_terminal.IsOutputTerminal ? column : column.NoWrap().PadLeft(0).PadRight(2));
        }
        foreach (var row in rows)
            table.AddRow(row);
        Write(table);
    }

    /// <summary>A line that is wrapped where the terminal ends.</summary>
    public void Line(string text, bool isGood = false) => Write(isGood ? Good(text) : Plain(text));

    public static IRenderable Plain(string text) => new Text(text);

    public static IRenderable Good(string text) => new Text(text, new Style(Color.Green));

    public static IRenderable Bad(string text) => new Text(text, new Style(Color.Red));

    public static IRenderable Strong(string text) => new Text(text, new Style(decoration: Decoration.Bold));

    public static IRenderable Weak(string text) => new Text(text, Dim);

    /// <summary>Such as 98.9 MB.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F2} GB"),
    };

    /// <summary>Such as 134,515,008.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static Style Dim => new(Color.Grey);

    private void Write(IRenderable renderable)
    {
        using var buffer = new StringWriter();
        _console.Profile.Out = new AnsiConsoleOutput(buffer);
        _console.Write(renderable);
        // Cells are padded with blanks, which nobody wants at the end of a line.
        foreach (var line in buffer.ToString().TrimEnd('\n').Split('\n'))
            _terminal.Out.WriteLine(line.TrimEnd());
    }
}
