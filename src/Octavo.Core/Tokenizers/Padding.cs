namespace Octavo.Core.Tokenizers;

/// <summary>How inputs that are too short are filled up.</summary>
/// <param name="Id">The token that fills.</param>
public sealed record Padding(int Id)
{
    /// <summary>The length that inputs are filled up to, in tokens; null: that of the longest of the batch.</summary>
    public int? Length { get; init; }

    /// <summary>The length is raised to a multiple of this.</summary>
    public int MultipleOf { get; init; } = 1;

    /// <summary>The type of the tokens that fill.</summary>
    public int TypeId { get; init; }

    /// <summary>Whether they stand before the input and not after it.</summary>
    public bool AtStart { get; init; }
}
