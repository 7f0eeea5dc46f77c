using Microsoft.Extensions.AI;
using Octavo.Core;
using Octavo.Engine.Kv;

namespace Octavo.Engine;

/// <summary>Translates what Microsoft.Extensions.AI asks for into the engine's terms, and refuses by name what there is no term for.</summary>
internal static class ChatOptionsReader
{
    private const string AdapterKey = "adapter";
    private const string KvKey = "kv";

    /// <summary>The options of a request. Nothing that was set is left unread.</summary>
    public static GenerationOptions Read(ChatOptions? options)
    {
        if (options is null)
            return new GenerationOptions();
        Refuse(options.ConversationId is not null, "ConversationId", "send the whole conversation with each request");
        Refuse(options.Tools is { Count: > 0 }, "Tools", "leave them out");
        Refuse(options.ToolMode is not null and not AutoChatToolMode and not NoneChatToolMode, "ToolMode", "leave it out");
        Refuse(options.ResponseFormat is not null and not ChatResponseFormatText, "ResponseFormat", "ask for text");
        Refuse(options.Reasoning is not null, "Reasoning", "leave it out");
        Refuse(options.RawRepresentationFactory is not null, "RawRepresentationFactory", "leave it out");
        Refuse(options.ContinuationToken is not null, "ContinuationToken", "leave it out");
        Refuse(options.AllowBackgroundResponses == true, "AllowBackgroundResponses", "leave it out");
        var generation = new GenerationOptions
        {
            Temperature = options.Temperature ?? 0,
            TopK = options.TopK ?? 0,
            TopP = options.TopP ?? 1,
            Seed = unchecked((ulong)(options.Seed ?? 0)),
            PresencePenalty = options.PresencePenalty ?? 0,
            FrequencyPenalty = options.FrequencyPenalty ?? 0,
            Stop = options.StopSequences is { } stop ? [.. stop] : [],
            MaxTokens = options.MaxOutputTokens ?? new GenerationOptions().MaxTokens,
        };
        foreach (var (key, value) in options.AdditionalProperties ?? [])
            generation = ReadAdditional(generation, key, value);
        generation.Validate();
        return generation;
    }

    /// <summary>Role and text of each message.</summary>
    public static List<(string Role, string Text)> Read(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<(string Role, string Text)> conversation = [];
        if (instructions is not null)
            conversation.Add((ChatRole.System.Value, instructions));
        foreach (var message in messages)
        {
            Refuse(message.Role == ChatRole.Tool, "Messages of the role 'tool'", "leave them out");
            foreach (var content in message.Contents)
            {
                if (content is not TextContent and not UsageContent)
                    throw new UnsupportedException($"Content of the type {content.GetType().Name} is not supported yet; send text.");
            }
            conversation.Add((message.Role.Value, message.Text));
        }
        if (conversation.Count == 0)
            throw new ConfigException("There are no messages; send at least one.");
        return conversation;
    }

    private static GenerationOptions ReadAdditional(GenerationOptions options, string key, object? value) => (key, value) switch
    {
        ("min_p", float number) => options with { MinP = number },
        ("min_p", double number) => options with { MinP = (float)number },
        ("repetition_penalty", float number) => options with { RepetitionPenalty = number },
        ("repetition_penalty", double number) => options with { RepetitionPenalty = (float)number },
        ("logit_bias", IReadOnlyDictionary<int, float> bias) => options with { LogitBias = bias },
        (AdapterKey, null) => options,
        (AdapterKey, string name) => options with { Adapter = name },
        (AdapterKey, _) => throw new ConfigException(
            $"AdditionalProperties[\"{AdapterKey}\"] is a {value!.GetType().Name}; give an adapter's name, or null for the model alone."),
        (KvKey, null) => options,
        (KvKey, KvMethod method) => options with { KvMethod = method },
        (KvKey, string text) => options with { KvMethod = KvMethods.Parse(text) },
        (KvKey, _) => throw new ConfigException(
            $"AdditionalProperties[\"{KvKey}\"] is a {value!.GetType().Name}; give a KvMethod or its text, such as snapkv:budget=1024."),
        ("min_p" or "repetition_penalty" or "logit_bias", _) => throw new ConfigException(
            $"AdditionalProperties[\"{key}\"] is a {value?.GetType().Name ?? "null"}; " +
            "give a float, or for logit_bias an IReadOnlyDictionary<int, float>."),
        _ => throw new UnsupportedException(
            $"AdditionalProperties[\"{key}\"] is not supported; supported are adapter, kv, min_p, repetition_penalty, logit_bias."),
    };

    private static void Refuse(bool condition, string name, string advice)
    {
        if (condition)
            throw new UnsupportedException($"{name} is not supported yet; {advice}.");
    }
}
