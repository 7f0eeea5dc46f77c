using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Octavo.Cli.CommandLine;

/// <summary>Makes options. Numbers are read in one way everywhere, whatever the system's language.</summary>
internal static class Options
{
    public static Option<string?> Text(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = valueName };

    public static Option<string[]> Texts(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description };

    public static Option<int?> Whole(string name, string description) => Number<int>(name, "N", description, "a whole number");

    public static Option<ulong?> Seed() => Number<ulong>(
        "--seed", "N", "Seeds the draws: equal seeds give equal answers. Needs a temperature above 0.", "a whole number from 0 on");

    public static Option<float?> Real(string name, string description) => Number<float>(name, "X", description, "a number");

    public static Option<string?> Model(string description) => Text("--model", "MODEL", description, "-m");

    public static Option<bool> Json() => Flag("--json", "Writes the result as JSON.");

    public static Argument<string?> OptionalText(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    private static Option<T?> Number<T>(string name, string valueName, string description, string kind) where T : struct, ISpanParsable<T> => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result => Parse<T>(result, name, kind),
    };

    private static T? Parse<T>(ArgumentResult result, string name, string kind) where T : struct, ISpanParsable<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, CultureInfo.InvariantCulture, out var value))
            return value;
        result.AddError($"{name} is '{text}'; give {kind}.");
        return null;
    }
}
