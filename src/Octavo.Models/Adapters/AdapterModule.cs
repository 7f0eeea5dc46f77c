using Octavo.Core;

namespace Octavo.Models.Adapters;

/// <summary>What an adapter adds to one stored matrix [outputs, inputs]: y = W x + s·B(A x), with DoRA rows of that sum rescaled.</summary>
public sealed class AdapterModule
{
    /// <summary>Takes the numbers of a module.</summary>
    /// <param name="name">The module, as the checkpoint calls it without <c>.weight</c>: <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <param name="rank">The rank r.</param>
    /// <param name="a">lora_A [rank, inputs], row-major.</param>
    /// <param name="b">lora_B [outputs, rank], row-major.</param>
    /// <param name="magnitude">DoRA's lora_magnitude_vector [outputs]; empty without DoRA.</param>
    /// <exception cref="ShapeException">The numbers are not whole rows of such matrices.</exception>
    public AdapterModule(string name, int rank, ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, ReadOnlyMemory<float> magnitude = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        if (a.Length == 0 || a.Length % rank != 0 || b.Length == 0 || b.Length % rank != 0)
            throw new ShapeException($"{name}: A has {a.Length} numbers and B {b.Length}; both need whole rows of a rank of {rank}.");
        if (!magnitude.IsEmpty && magnitude.Length != b.Length / rank)
            throw new ShapeException($"{name}: lora_magnitude_vector has {magnitude.Length} numbers; {b.Length / rank} are expected, one per output.");
        (Name, Rank, A, B, Magnitude) = (name, rank, a, b, magnitude);
    }

    /// <summary>The module's name.</summary>
    public string Name { get; }

    /// <summary>The rank r.</summary>
    public int Rank { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Inputs => A.Length / Rank;

    /// <summary>Rows of the matrix.</summary>
    public int Outputs => B.Length / Rank;

    /// <summary>lora_A [rank, inputs].</summary>
    public ReadOnlyMemory<float> A { get; }

    /// <summary>lora_B [outputs, rank].</summary>
    public ReadOnlyMemory<float> B { get; }

    /// <summary>lora_magnitude_vector [outputs]; empty without DoRA.</summary>
    public ReadOnlyMemory<float> Magnitude { get; }
}
