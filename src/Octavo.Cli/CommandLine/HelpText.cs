using System.CommandLine;
using Octavo.Cli.Output;
using Octavo.Cli.Verbs;

namespace Octavo.Cli.CommandLine;

/// <summary>A verb's help: what it does, its arguments and options, and examples that work.</summary>
internal static class HelpText
{
    private const int LongestColumn = 30;

    public static int Write(VerbEntry entry, Verb verb, Terminal terminal)
    {
        var writer = terminal.Out;
        var symbols = verb.Symbols.ToList();
        var arguments = symbols.OfType<Argument>().ToList();
        var options = symbols.OfType<Option>().ToList();
        writer.WriteLine(entry.Summary);
        writer.WriteLine();
        writer.WriteLine($"Usage: octavo {entry.Name}{string.Concat(arguments.Select(Usage))} [options]");
        WriteRows(writer, "Arguments", terminal.Width, arguments.Select(argument => (argument.Name, argument.Description ?? "")));
        WriteRows(writer, "Options", terminal.Width, options.Select(option => (Left(option), option.Description ?? "")));
        writer.WriteLine();
        writer.WriteLine(entry.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in entry.Examples)
            writer.WriteLine($"  {example}");
        return 0;
    }

    private static string Usage(Argument argument) => argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}";

    private static string Left(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        return option.Arity.MaximumNumberOfValues == 0 ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }

    private static void WriteRows(TextWriter writer, string title, int width, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        var column = Math.Min(LongestColumn, all.Max(row => row.Left.Length));
        writer.WriteLine();
        writer.WriteLine($"{title}:");
        foreach (var (left, right) in all)
        {
            var lines = Wrap(right, Math.Max(30, Math.Min(width, 120) - column - 4));
            writer.WriteLine($"  {left.PadRight(column)}  {lines[0]}".TrimEnd());
            foreach (var line in lines.Skip(1))
                writer.WriteLine(new string(' ', column + 4) + line);
        }
    }

    private static List<string> Wrap(string text, int width)
    {
        List<string> lines = [""];
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > width)
                lines.Add(word);
            else
                lines[^1] += lines[^1].Length == 0 ? word : " " + word;
        }
        return lines;
    }
}
