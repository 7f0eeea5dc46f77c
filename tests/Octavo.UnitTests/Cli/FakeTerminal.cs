using Octavo.Cli.Output;

namespace Octavo.UnitTests.Cli;

/// <summary>A terminal in memory.</summary>
internal sealed class FakeTerminal : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    /// <param name="input">What stands on standard input; null makes it a terminal.</param>
    public FakeTerminal(string? input = null) => Terminal = new Terminal(new StringReader(input ?? ""), _out, _error) { IsInputTerminal = input is null };

    public Terminal Terminal { get; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    /// <summary>Runs a command line as the program does.</summary>
    public int Run(params string[] args) => Octavo.Cli.Program.Run(args, Terminal);

    public void Dispose()
    {
        Terminal.Dispose();
        _out.Dispose();
        _error.Dispose();
    }
}
