using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;

namespace Octavo.Cli;

/// <summary>The entry. Version and help are answered without loading a parser, an engine or a model.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var terminal = Terminal.OfProcess();
        return Run(args, terminal);
    }

    /// <summary>The boundary: runs a command line and maps every way to fail to an exit.</summary>
    internal static int Run(string[] args, Terminal terminal)
    {
        try
        {
            var exit = args switch
            {
                ["--version"] => RootHelp.WriteVersion(terminal.Out),
                ["--help" or "-h" or "-?"] => RootHelp.Write(terminal.Out),
                [] => RootHelp.WriteAfterMistake(terminal.Error),
                _ => VerbRunner.Run(args, terminal),
            };
            terminal.Flush();
            return exit;
        }
        catch (Exception error)
        {
            return Failure.Report(error, terminal);
        }
    }
}
