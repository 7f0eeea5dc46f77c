using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Octavo.Core;

namespace Octavo.Engine;

/// <summary>
/// <see cref="IChatClient"/> over the engine. Requests may come from many threads; those that run at once share the passes over
/// the weights, and each gets the answer that it would get alone. An option that is not supported throws by its name and is never ignored.
/// What a conversation shares with its earlier turns is not computed again.
/// </summary>
public sealed class OctavoChatClient : IChatClient
{
    private readonly LanguageModel _model;
    private readonly bool _ownsModel;
    private readonly Lazy<ChatPrompt> _prompt;
    private readonly ChatClientMetadata _metadata;
    private BatchScheduler? _scheduler;
    private bool _disposed;

    /// <summary>Wraps a loaded model.</summary>
    /// <param name="model">A model whose checkpoint has a chat template.</param>
    /// <param name="ownsModel">Whether disposing the client disposes the model.</param>
    public OctavoChatClient(LanguageModel model, bool ownsModel = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _ownsModel = ownsModel;
        _prompt = new Lazy<ChatPrompt>(() => ChatPrompt.Of(model));
        _metadata = new ChatClientMetadata("octavo", null, Path.GetFileNameWithoutExtension(model.Checkpoint.Path.TrimEnd('/', '\\')));
    }

    /// <summary>Loads a model and owns it.</summary>
    /// <param name="path">Folder or file, as <see cref="Octavo.Models.Checkpoint.Open"/> takes it.</param>
    /// <param name="options">How to run it.</param>
    public OctavoChatClient(string path, EngineOptions? options = null) : this(LanguageModel.Load(path, options), ownsModel: true) { }

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">An option or a content that is not supported, by name.</exception>
    /// <exception cref="ConfigException">An option's value is wrong.</exception>
    /// <exception cref="ResourceException">The conversation does not fit the context.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">An option or a content that is not supported, by name.</exception>
    /// <exception cref="ConfigException">An option's value is wrong.</exception>
    /// <exception cref="ResourceException">The conversation does not fit the context.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options?.ModelId is { } id && id != _metadata.DefaultModelId)
            throw new UnsupportedException($"ChatOptions.ModelId is '{id}'; this client runs '{_metadata.DefaultModelId}'.");
        var generation = ChatOptionsReader.Read(options);
        var conversation = ChatOptionsReader.Read(messages, options?.Instructions);
        return Stream(conversation, generation, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return _metadata;
        if (serviceType == typeof(LanguageModel))
            return _model;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Ends the client, and its model where it owns it.</summary>
    public void Dispose()
    {
        lock (_prompt)
        {
            _disposed = true;
            _scheduler?.Dispose();
        }
        if (_ownsModel)
            _model.Dispose();
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Stream(
        List<(string Role, string Text)> conversation, GenerationOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var id = Guid.NewGuid().ToString("N");
        var answer = await Task.Run(() => Ask(conversation, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        await foreach (var token in answer.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (token.Text.Length > 0)
                yield return Update(id, new TextContent(token.Text), null);
            if (token.Finish is { } finish)
                yield return Update(id, new UsageContent(Usage(answer.Timings)), finish);
        }
    }

    private BatchAnswer Ask(List<(string Role, string Text)> conversation, GenerationOptions options, CancellationToken cancellationToken)
    {
        BatchScheduler scheduler;
        lock (_prompt)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            scheduler = _scheduler ??= new BatchScheduler(_model);
        }
        return scheduler.Submit(_prompt.Value.Encode(conversation), options, cancellationToken);
    }

    private ChatResponseUpdate Update(string id, AIContent content, FinishReason? finish) => new(ChatRole.Assistant, [content])
    {
        ResponseId = id,
        MessageId = id,
        ModelId = _metadata.DefaultModelId,
        FinishReason = finish switch
        {
            FinishReason.Stop => ChatFinishReason.Stop,
            FinishReason.Length => ChatFinishReason.Length,
            _ => null,
        },
    };

    private static UsageDetails Usage(GenerationTimings timings) => new()
    {
        InputTokenCount = timings.PromptTokens,
        CachedInputTokenCount = timings.ReusedTokens,
        OutputTokenCount = timings.CompletionTokens,
        TotalTokenCount = timings.PromptTokens + timings.CompletionTokens,
    };
}
