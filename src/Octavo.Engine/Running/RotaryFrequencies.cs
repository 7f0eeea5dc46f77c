using Octavo.Models;
namespace Octavo.Engine.Running;

internal static class RotaryFrequencies
{
    public static float Compute(Rotary rotary, int sequenceLength, ReadOnlySpan<float> factors, Span<double> inverse) => throw new Octavo.Core.UnsupportedException("x");
}
