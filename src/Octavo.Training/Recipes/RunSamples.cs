using Octavo.Core;
using Octavo.Engine;
using Octavo.Evaluation.Requests;

namespace Octavo.Training.Recipes;

/// <summary>What the model of a run says to the same prompts, for its report. Answers are greedy.</summary>
internal static class RunSamples
{
    private const int Together = 8;

    /// <summary>The prompts of a file: one a line, empty lines left out.</summary>
    /// <exception cref="InputFileException">There is no such file, or no prompt in it.</exception>
    public static IReadOnlyList<string> Read(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{file}: {error.Message} sample_prompts_file is a text with one prompt a line.", error);
        }
        string[] prompts = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)];
        return prompts.Length > 0 ? prompts : throw new InputFileException($"{file}: there is no prompt in it; one a line is expected.");
    }

    /// <summary>Answers of the model that the run began with.</summary>
    /// <param name="model">The model of the run.</param>
    /// <param name="prompts">What is asked: messages of a user where there is a chat template, else texts that are gone on with.</param>
    /// <param name="tokens">The most of an answer.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    public static IReadOnlyList<string> Before(TrainingModel model, IReadOnlyList<string> prompts, int tokens, CancellationToken cancellation) =>
        RunEngine.Before(model, engine => Answers(model, engine, null, prompts, tokens, cancellation));

    /// <summary>Answers of the model as it is now.</summary>
    /// <inheritdoc cref="Before"/>
    public static IReadOnlyList<string> Now(TrainingModel model, IReadOnlyList<string> prompts, int tokens, CancellationToken cancellation) =>
        RunEngine.Now(model, (engine, adapter) => Answers(model, engine, adapter, prompts, tokens, cancellation));

    private static string[] Answers(
        TrainingModel model, LanguageModel engine, string? adapter, IReadOnlyList<string> prompts, int tokens, CancellationToken cancellation)
    {
        var answers = new string[prompts.Count];
        var chat = model.Template is null ? null : new ChatPrompt(model.Template, model.Tokenizer);
        EvaluationRequest[] requests = [.. prompts.Select(prompt => new GenerateRequest(
            chat is null ? EvaluationPrompt.OfText(prompt) : EvaluationPrompt.Chat(prompt), tokens))];
        foreach (var (index, result) in new EngineRunner(engine, Together, adapter, chat).Run(requests, cancellation))
            answers[index] = ((GeneratedResult)result).Text;
        return answers;
    }
}
