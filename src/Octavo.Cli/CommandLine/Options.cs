using System.CommandLine;

namespace Octavo.Cli.CommandLine;

/// <summary>
/// Makes options. All of them carry texts; <see cref="Values"/> reads what they mean. An option type per number type would cost
/// thirty methods that no precompiled program has, and with them a tenth of the time to the first token.
/// </summary>
internal static class Options
{
    public static Option<string?> Text(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = valueName };

    public static Option<string[]> Texts(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    /// <summary>An option without a value; <see cref="Values.Has"/> tells whether it was given.</summary>
    public static Option<string?> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Read by <see cref="Values.Whole"/>.</summary>
    public static Option<string?> Whole(string name, string description) => Text(name, "N", description);

    /// <summary>Read by <see cref="Values.Real"/>.</summary>
    public static Option<string?> Real(string name, string description) => Text(name, "X", description);

    public static Option<string?> Model(string description) => Text("--model", "MODEL", description, "-m");

    public static Option<string?> Json() => Flag("--json", "Writes the result as JSON.");

    public static Argument<string?> OptionalText(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
}
