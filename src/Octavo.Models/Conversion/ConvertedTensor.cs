using Octavo.Core.Tensors;

namespace Octavo.Models;

/// <summary>One tensor of a converted checkpoint.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Shape">Slowest dimension first.</param>
/// <param name="From">The types of the stored tensors that it is made of.</param>
/// <param name="To">How it is stored.</param>
/// <param name="Reason">Why that is another type than was asked for; null where it is not.</param>
public sealed record ConvertedTensor(
    string Name, IReadOnlyList<int> Shape, IReadOnlyList<TensorType> From, TensorType To, string? Reason)
{
    /// <summary>The product of <see cref="Shape"/>.</summary>
    public long Elements => ModelListing.Elements(Shape);
}
