namespace Octavo.Evaluation.Requests;

/// <summary>What a task asks of a model: one of the three records below.</summary>
internal abstract record EvaluationRequest;

/// <summary>How likely a continuation is after a prompt.</summary>
/// <param name="Prompt">What stands before it.</param>
/// <param name="Continuation">The text that is scored.</param>
internal sealed record LikelihoodRequest(EvaluationPrompt Prompt, string Continuation) : EvaluationRequest;

/// <summary>How likely a whole text is, each token from those before it.</summary>
/// <param name="Text">The text, at least two tokens.</param>
internal sealed record RollingRequest(string Text) : EvaluationRequest;

/// <summary>The most likely answer to a prompt.</summary>
/// <param name="Prompt">What is answered.</param>
/// <param name="MaxTokens">Where an answer that does not stop is cut.</param>
internal sealed record GenerateRequest(EvaluationPrompt Prompt, int MaxTokens) : EvaluationRequest;

/// <summary>What a request gave.</summary>
/// <param name="Tokens">Tokens that were scored or generated, the one that ends an answer included.</param>
internal abstract record RequestResult(int Tokens);

/// <summary>The natural logarithm of a probability.</summary>
/// <param name="Tokens">Tokens that were scored.</param>
/// <param name="LogLikelihood">Their sum, in nats.</param>
internal sealed record LikelihoodResult(int Tokens, double LogLikelihood) : RequestResult(Tokens);

/// <summary>An answer.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Text">Its text, without the token that ended it.</param>
/// <param name="Stopped">Whether the model ended it; false where it was cut.</param>
internal sealed record GeneratedResult(int Tokens, string Text, bool Stopped) : RequestResult(Tokens);
