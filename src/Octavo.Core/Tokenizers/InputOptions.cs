namespace Octavo.Core.Tokenizers;

/// <summary>How texts become the input of a model.</summary>
public sealed record InputOptions
{
    /// <summary>Whether the tokens that the model wants around texts are added.</summary>
    public bool AddSpecial { get; init; } = true;

    /// <summary>Whether special tokens written in a text are recognised as such; false treats them as plain text.</summary>
    public bool ParseSpecial { get; init; } = true;

    /// <summary>How inputs that are too long are cut; null: they are not.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>How inputs that are too short are filled up; null: they are not.</summary>
    public Padding? Padding { get; init; }
}
