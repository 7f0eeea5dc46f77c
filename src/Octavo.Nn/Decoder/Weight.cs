using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>A stored tensor of the model under the name that the checkpoint has for it. Owns its numbers.</summary>
internal abstract class Weight(View view) : IDisposable
{
    public View View { get; } = view;

    /// <summary>The numbers that an optimizer changes; null where they are frozen.</summary>
    public virtual Tensor? Trained => null;

    /// <summary>Whether a pass should ask again for the numbers, rather than keep them from one direction to the other.</summary>
    public virtual bool IsMadeAnew => false;

    /// <summary>The numbers in the type to compute in. A new tensor, or the stored one where it has that type; belongs to the caller's scope.</summary>
    public abstract Tensor In(ScalarType type);

    public abstract void Dispose();
}

/// <summary>Numbers as they are, of the type that they are kept in.</summary>
internal sealed class DenseWeight : Weight
{
    /// <param name="view">What it is.</param>
    /// <param name="value">Becomes this weight's own.</param>
    /// <param name="isTrained">Whether it gets gradients.</param>
    public DenseWeight(View view, Tensor value, bool isTrained) : base(view)
    {
        Value = value.DetachFromDisposeScope();
        Value.requires_grad = isTrained;
    }

    public Tensor Value { get; }

    public override Tensor? Trained => Value.requires_grad ? Value : null;

    // an alias, so that the caller's scope disposes of a handle of its own
    public override Tensor In(ScalarType type) => Value.dtype == type ? Value.alias() : Value.to(type);

    public override void Dispose() => Value.Dispose();
}
