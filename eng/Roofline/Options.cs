using Octavo.Core;

namespace Octavo.Tools.Roofline;

/// <summary>What to draw, from which runs.</summary>
/// <param name="Picture">The SVG to write.</param>
/// <param name="Runs">Documents of <c>bench/Kernels</c>.</param>
/// <param name="Note">Stands below the title, such as the machine.</param>
internal sealed record Options(string Picture, IReadOnlyList<string> Runs, string Note)
{
    private const string Usage = "usage: Roofline PICTURE.svg RUN.json… [--note TEXT]";

    public static Options Parse(string[] args)
    {
        var files = new List<string>();
        var note = "";
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--note" && i + 1 < args.Length)
                note = args[++i];
            else if (args[i].StartsWith("--", StringComparison.Ordinal))
                throw new ConfigException($"'{args[i]}' is no option or has no value. {Usage}");
            else
                files.Add(args[i]);
        }
        if (files.Count < 2)
            throw new ConfigException(Usage);
        return new Options(files[0], files[1..], note);
    }
}
