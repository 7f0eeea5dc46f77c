using Octavo.Core;

namespace Octavo.Nn.Decoder;

/// <summary>Which matrices get a low-rank adapter, and what kind.</summary>
public sealed record LoraOptions
{
    /// <summary>Rank of the update.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The update is multiplied with Alpha / Rank, or Alpha / √Rank where <see cref="IsRankStabilized"/>.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>The share of an adapter's inputs that is dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>The last parts of the names of matrices, such as <c>q_proj</c>; empty means all linear layers but the heads.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>rsLoRA.</summary>
    public bool IsRankStabilized { get; init; }

    /// <summary>DoRA: the length of each output's row is trained apart from its direction.</summary>
    public bool HasMagnitudes { get; init; }

    /// <summary>What the update is multiplied with.</summary>
    public double Scale => Alpha / (IsRankStabilized ? Math.Sqrt(Rank) : Rank);

    /// <exception cref="ConfigException">A number is out of range.</exception>
    public void Validate()
    {
        if (Rank < 1 || Alpha <= 0 || Dropout is < 0 or >= 1)
            throw new ConfigException($"an adapter has a rank of at least 1, an alpha above 0 and a dropout in [0, 1); given are {Rank}, {Alpha} and {Dropout}.");
    }
}
