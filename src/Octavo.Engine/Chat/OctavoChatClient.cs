using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Octavo.Core;

namespace Octavo.Engine;

/// <summary>
/// <see cref="IChatClient"/> over the engine. Requests may come from many threads; computations take turns. An option that is
/// not supported throws by its name and is never ignored. What a conversation shares with the one before is not computed again.
/// </summary>
public sealed class OctavoChatClient : IChatClient
{
    private readonly LanguageModel _model;
    private readonly bool _ownsModel;
    private readonly Lazy<ChatPrompt> _prompt;
    private readonly ChatClientMetadata _metadata;
    private Session? _idle;

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
        Interlocked.Exchange(ref _idle, null)?.Dispose();
        if (_ownsModel)
            _model.Dispose();
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Stream(
        List<(string Role, string Text)> conversation, GenerationOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var updates = Channel.CreateUnbounded<ChatResponseUpdate>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var producing = Task.Run(() => Produce(conversation, options, updates.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var update in updates.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return update;
            await producing.ConfigureAwait(false);
        }
        finally
        {
            // A reader who leaves early ends the computation; it is over before this returns.
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Produce(
        List<(string Role, string Text)> conversation, GenerationOptions options, ChannelWriter<ChatResponseUpdate> writer,
        CancellationToken cancellationToken)
    {
        Exception? failure = null;
        Session? session = null;
        try
        {
            session = Interlocked.Exchange(ref _idle, null) ?? _model.NewSession();
            var id = Guid.NewGuid().ToString("N");
            var generator = new Generator(_model, session, options);
            foreach (var token in generator.Run(_prompt.Value.Encode(conversation), cancellationToken))
            {
                if (token.Text.Length > 0)
                    writer.TryWrite(Update(id, new TextContent(token.Text), null));
                if (token.Finish is { } finish)
                    writer.TryWrite(Update(id, new UsageContent(Usage(generator.Timings)), finish));
            }
        }
        catch (Exception error)
        {
            failure = error;
            throw;
        }
        finally
        {
            if (session is not null)
                Interlocked.Exchange(ref _idle, session)?.Dispose();
            writer.TryComplete(failure);
        }
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
