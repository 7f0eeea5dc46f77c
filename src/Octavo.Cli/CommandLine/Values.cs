using System.CommandLine;
using System.Globalization;
using Octavo.Core;

namespace Octavo.Cli.CommandLine;

/// <summary>Reads the values of options, in one way everywhere, whatever the system's language.</summary>
internal static class Values
{
    /// <summary>Whether an option was given.</summary>
    public static bool Has(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <exception cref="ConfigException">The text is no whole number.</exception>
    public static int? Whole(this ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(option, text, "a whole number");

    /// <exception cref="ConfigException">The text is no whole number from 0 on.</exception>
    public static ulong? Unsigned(this ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(option, text, "a whole number from 0 on");

    /// <exception cref="ConfigException">The text is no number.</exception>
    public static float? Real(this ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(option, text, "a number");

    private static ConfigException Wrong(Option option, string text, string kind) => new($"{option.Name} is '{text}'; give {kind}.");
}
