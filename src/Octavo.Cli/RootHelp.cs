using System.Reflection;
using Octavo.Cli.Verbs;

namespace Octavo.Cli;

/// <summary>What <c>octavo --help</c> and <c>octavo --version</c> print: from the list of verbs alone.</summary>
internal static class RootHelp
{
    /// <summary>Such as <c>0.1.0 (1a2b3c4d)</c>.</summary>
    public static string Version
    {
        get
        {
            var text = typeof(RootHelp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            var plus = text.IndexOf('+', StringComparison.Ordinal);
            return plus < 0 ? text : $"{text[..plus]} ({text[(plus + 1)..Math.Min(text.Length, plus + 9)]})";
        }
    }

    public static int WriteVersion(TextWriter writer)
    {
        writer.WriteLine($"octavo {Version}");
        return 0;
    }

    public static int Write(TextWriter writer)
    {
        writer.WriteLine("octavo runs, trains and judges open language models on the CPU, from .NET.");
        writer.WriteLine();
        writer.WriteLine("Usage: octavo VERB [options]");
        foreach (var group in VerbList.All.GroupBy(verb => verb.Group))
        {
            writer.WriteLine();
            writer.WriteLine($"{group.Key}:");
            foreach (var verb in group)
                writer.WriteLine($"  {verb.Name,-10} {verb.Summary}");
        }
        writer.WriteLine();
        writer.WriteLine("Try:  octavo chat \"What is the capital of France?\"");
        writer.WriteLine("`octavo VERB --help` tells a verb's options and shows an example; `octavo --version` the version.");
        return 0;
    }

    /// <summary>No verb was given.</summary>
    public static int WriteAfterMistake(TextWriter writer)
    {
        Write(writer);
        return 2;
    }
}
