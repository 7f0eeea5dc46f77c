using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Tokenizers;

namespace Octavo.Cli;

/// <summary>
/// What a toy model can be asked: the <c>domain.json</c> beside its weights. It is said with each answer, and words that the model does
/// not have are refused.
/// </summary>
/// <param name="Domain">One or two sentences.</param>
/// <param name="Unknown">The token that stands for words outside.</param>
internal sealed record ToyDomain(string Domain, string Unknown)
{
    private const string File = "domain.json";

    /// <summary>A model's domain; null where it is no toy.</summary>
    /// <param name="path">A resolved model.</param>
    /// <exception cref="InputFileException">The file is damaged.</exception>
    public static ToyDomain? Of(string path)
    {
        var file = Path.Combine(path, File);
        if (!System.IO.File.Exists(file))
            return null;
        try
        {
            using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(file));
            return new ToyDomain(json.RootElement.GetProperty("domain").GetString()!, json.RootElement.GetProperty("unknown").GetString()!);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{file}: says no domain: {error.Message} Get the model again.", error);
        }
    }

    /// <summary>Refuses a prompt with words that the model does not have.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="ids">The prompt.</param>
    /// <param name="isForced">Whether <c>--force</c> was given.</param>
    /// <exception cref="RefusedException">It has some, and nothing forces it.</exception>
    public void Check(Tokenizer tokenizer, IReadOnlyList<int> ids, bool isForced)
    {
        if (isForced || tokenizer.IdOf(Unknown) is not { } unknown)
            return;
        var outside = ids.Count(id => id == unknown);
        if (outside > 0)
            throw new RefusedException($"{outside} of {ids.Count} words are none of this toy model's. {Domain} Ask it that, take another model, or give --force.");
    }

    /// <summary>Says what the answer is worth.</summary>
    public void Tell(Terminal terminal) => terminal.Note($"a toy model answers. {Domain}");
}
