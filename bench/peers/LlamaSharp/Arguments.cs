using System.Globalization;

namespace Octavo.Bench.LlamaSharp;

/// <summary>The command line: a verb and <c>--name value</c> pairs. It is called by the race only, so it says little when it is wrong.</summary>
internal sealed class Arguments(string[] args)
{
    public string Verb => args.Length > 0 ? args[0] : "";

    public string? Text(string name)
    {
        var at = Array.IndexOf(args, "--" + name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    public string Need(string name) => Text(name) ?? throw new ArgumentException($"--{name} is missing.");

    public int Whole(string name, int preset) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : preset;
}
