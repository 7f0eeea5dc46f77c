using Octavo.Core;

namespace Octavo.Cli.Bench;

/// <summary>An endless text of random tokens, the same in every run: speed does not depend on what they mean.</summary>
/// <param name="vocabulary">How many tokens there are.</param>
internal sealed class BenchTokens(int vocabulary)
{
    private readonly SeededRandom _random = new(1);
    private readonly List<int> _ids = [];

    /// <summary>The tokens from one place of the text to another.</summary>
    public int[] Between(int from, int to)
    {
        while (_ids.Count < to)
            _ids.Add(_random.Next(vocabulary));
        return [.. _ids[from..to]];
    }
}
