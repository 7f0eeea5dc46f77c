using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>A rotation that layers share.</summary>
/// <param name="Rotary">What the description says.</param>
/// <param name="Factors">The divisors that it names.</param>
internal sealed record LoweredRotary(Rotary Rotary, RotaryFactors Factors);
