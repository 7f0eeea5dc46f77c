using Octavo.Training.Data.Chats;

namespace Octavo.Cli.TokenizerTraining;

/// <summary>The chat template of a tokenizer that is trained.</summary>
/// <param name="Text">The template, or null.</param>
/// <param name="Tokens">Special tokens that it needs.</param>
/// <param name="End">The token that ends an answer; null: the one that ends texts.</param>
internal sealed record TrainingTemplate(string? Text, IReadOnlyList<string> Tokens, string? End)
{
    private const string Start = "<|im_start|>";
    private const string TurnEnd = "<|im_end|>";

    /// <summary>The template of a name, or of a file.</summary>
    /// <param name="name">A name or a path; null: none.</param>
    /// <exception cref="Octavo.Core.InputFileException">The file cannot be read.</exception>
    public static TrainingTemplate Read(string? name) => name switch
    {
        null => new(null, [], null),
        "tulu" => new(BuiltInTemplates.Unmarked(name), [], null),
        "chatml" => new(BuiltInTemplates.Unmarked(name), [Start, TurnEnd], TurnEnd),
        _ => new(InputFile.ReadText(name), [], null),
    };
}
