using System.CommandLine;
using System.CommandLine.Parsing;
using Octavo.Cli.Output;
using Octavo.Cli.Verbs;
using Octavo.Core;

namespace Octavo.Cli.CommandLine;

/// <summary>Finds the verb, parses its options and runs it. Nothing that was given is ignored.</summary>
internal static class VerbRunner
{
    private static readonly ParserConfiguration _strict = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static int Run(string[] args, Terminal terminal)
    {
        var entry = VerbList.All.FirstOrDefault(verb => verb.Name == args[0]) ?? throw Unknown(args[0]);
        var verb = entry.Create();
        var parsed = Parse(entry, verb, args);
        if (parsed.GetResult("--help") is OptionResult { Implicit: false })
            return HelpText.Write(entry, verb, terminal);
        Check(entry, parsed, args);
        using var interrupts = new Interrupts();
        interrupts.Listen();
        return verb.Run(parsed, terminal, interrupts);
    }

    /// <summary>Parses a command line that begins with the verb's name.</summary>
    internal static ParseResult Parse(VerbEntry entry, Verb verb, string[] args)
    {
        var command = new Command(entry.Name, entry.Summary);
        foreach (var symbol in verb.Symbols)
        {
            if (symbol is Option option)
                command.Add(option);
            else
                command.Add((Argument)symbol);
        }
        command.Add(Options.Flag("--help", "Shows this.", "-h", "-?"));
        command.SetAction(_ => 0);
        return command.Parse(args[1..], _strict);
    }

    private static ConfigException Unknown(string name)
    {
        if (name.StartsWith('-'))
            return new ConfigException($"'{name}' stands before the verb; options follow it: octavo VERB {name} …");
        return new ConfigException(
            $"there is no verb '{name}'.{Nearest.Hint(name, VerbList.All.Select(verb => verb.Name))} "
            + $"Verbs: {string.Join(", ", VerbList.All.Select(verb => verb.Name))}.");
    }

    private static void Check(VerbEntry entry, ParseResult parsed, string[] args)
    {
        var names = parsed.CommandResult.Command.Options.SelectMany(option => option.Aliases.Append(option.Name)).ToList();
        var mistaken = parsed.UnmatchedTokens.Concat(parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(ArgumentTexts))
            .FirstOrDefault(text => text.Length > 1 && text[0] == '-' && IsBeforeDoubleDash(args, text));
        if (mistaken is not null)
        {
            var typed = mistaken.Split('=', ':')[0];
            throw new ConfigException(
                $"'{typed}' is not an option of '{entry.Name}'.{Nearest.Hint(typed, names)} "
                + $"`octavo {entry.Name} --help` lists them; a text that begins with '-' goes after --.");
        }
        // what a variable that is not set leaves behind
        var empty = parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(
            option => option.Option.HelpName is "FILE" or "DIR" or "MODEL" && option.Tokens is [{ Value: "" }]);
        if (empty is not null)
            throw new ConfigException($"{empty.Option.Name} is empty; give a path, or leave it out.");
        if (parsed.UnmatchedTokens.Count > 0)
        {
            throw new ConfigException(
                $"'{Shortened(parsed.UnmatchedTokens[0])}' is one text too many for '{entry.Name}'. Put quotes around a text of several words.");
        }
        if (parsed.Errors.Count > 0)
            throw new ConfigException(string.Join('\n', parsed.Errors.Select(error => error.Message)));
    }

    private static IEnumerable<string> ArgumentTexts(ArgumentResult argument) => argument.Tokens.Select(token => token.Value);

    private static bool IsBeforeDoubleDash(string[] args, string text)
    {
        var end = Array.IndexOf(args, "--");
        return Array.IndexOf(args, text, 0, end < 0 ? args.Length : end) >= 0;
    }

    private static string Shortened(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
