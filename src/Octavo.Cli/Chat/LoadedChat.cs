using Octavo.Engine;

namespace Octavo.Cli.Chat;

/// <summary>What a conversation runs on.</summary>
/// <param name="Model">The model.</param>
/// <param name="Prompt">How it is asked.</param>
/// <param name="Adapter">The adapter to begin with; null for the model alone.</param>
/// <param name="Notes">What is to be told before the first answer, one sentence each.</param>
internal sealed record LoadedChat(LanguageModel Model, ChatPrompt Prompt, string? Adapter = null, IReadOnlyList<string>? Notes = null);
