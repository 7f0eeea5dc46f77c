using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;

namespace Octavo.Cli.Verbs;

/// <summary>A verb: its options, and what it does with them. Used for one command line.</summary>
internal abstract class Verb
{
    /// <summary>Options and arguments, in the order in which help shows them. What is not here is not accepted.</summary>
    public abstract IEnumerable<Symbol> Symbols { get; }

    /// <summary>Does the work; failures are exceptions.</summary>
    /// <param name="parsed">The command line, parsed without errors.</param>
    /// <param name="terminal">Where to read and write.</param>
    /// <param name="interrupts">Tells ctrl-C.</param>
    /// <returns>The exit.</returns>
    public abstract int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts);
}
