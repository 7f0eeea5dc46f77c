namespace Octavo.Engine;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its answer, or a stop text came.</summary>
    Stop,
    /// <summary>The limit of tokens or the end of the context was reached.</summary>
    Length,
}

/// <summary>One step of a generation.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">The text that became complete with it; often empty, since half characters and possible stop texts are held back.</param>
/// <param name="Finish">Set on the last step.</param>
/// <param name="LogProbability">Natural logarithm of the token's probability before temperature, penalties and filters, where asked for.</param>
/// <param name="Top">The most likely tokens with theirs, where asked for.</param>
public readonly record struct GeneratedToken(
    int Id, string Text, FinishReason? Finish, float? LogProbability, IReadOnlyList<(int Id, float LogProbability)>? Top);

/// <summary>What a generation took.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="ReusedTokens">Those of them that the session already held.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
/// <param name="Prefill">Time for the prompt.</param>
/// <param name="FirstToken">Time from the start to the first token.</param>
/// <param name="Total">Time from the start to the last token.</param>
public readonly record struct GenerationTimings(
    int PromptTokens, int ReusedTokens, int CompletionTokens, TimeSpan Prefill, TimeSpan FirstToken, TimeSpan Total);
