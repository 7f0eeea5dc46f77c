using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;

namespace Octavo.Cli.Data;

/// <summary>One of the things that <c>octavo data</c> does.</summary>
/// <param name="Name">What follows the verb.</param>
/// <param name="Symbols">Its options.</param>
/// <param name="Run">Does it with the names that follow.</param>
internal sealed record DataAction(
    string Name, IEnumerable<Symbol> Symbols, Func<IReadOnlyList<string>, ParseResult, Terminal, Interrupts, int> Run);
