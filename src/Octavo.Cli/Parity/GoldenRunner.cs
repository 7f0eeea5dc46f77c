namespace Octavo.Cli.Parity;

/// <summary>Computes what goldens of one kind ask for and compares it.</summary>
internal abstract class GoldenRunner
{
    /// <summary>The kind, as golden.json names it.</summary>
    public abstract string Kind { get; }

    /// <summary>Runs one golden.</summary>
    /// <returns>One check per output, all of them.</returns>
    /// <exception cref="Core.UnsupportedException">Something that the golden needs is not supported; the message names it.</exception>
    /// <exception cref="MissingModelException">A model is not on this machine.</exception>
    public abstract IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context);
}
