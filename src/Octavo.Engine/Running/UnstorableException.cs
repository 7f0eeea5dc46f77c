using Octavo.Core;

namespace Octavo.Engine.Running;

/// <summary>A sequence of the pass has a key or value that its pages cannot hold.</summary>
/// <param name="sequence">Its index in the pass.</param>
/// <param name="message">Which number, and what to do.</param>
internal sealed class UnstorableException(int sequence, string message) : UnsupportedException(message)
{
    public int Sequence { get; } = sequence;
}
