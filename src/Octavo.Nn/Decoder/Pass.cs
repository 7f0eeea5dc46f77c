using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>What the blocks of one pass share.</summary>
internal sealed class Pass(TokenRows rows, ScalarType compute, ulong seed, Func<Rotary, RotaryFactors> factors) : IDisposable
{
    private readonly Dictionary<Rotary, RotaryTurns> _turns = [];

    public TokenRows Rows { get; } = rows;

    /// <summary>The type of products; norms, residuals, softmax and losses are fp32.</summary>
    public ScalarType Compute { get; } = compute;

    /// <summary>Where random choices of this pass begin, so that a layer computed again makes the same.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>Whether random choices are made at all.</summary>
    public bool IsTraining { get; init; }

    public RotaryTurns Turns(Rotary rotary)
    {
        if (!_turns.TryGetValue(rotary, out var turns))
            _turns[rotary] = turns = new RotaryTurns(rotary, factors(rotary), Rows);
        return turns;
    }

    public void Dispose()
    {
        foreach (var turns in _turns.Values)
            turns.Dispose();
    }
}
