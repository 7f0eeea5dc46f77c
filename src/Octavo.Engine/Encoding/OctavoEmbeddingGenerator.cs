using Microsoft.Extensions.AI;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Models;

namespace Octavo.Engine;

/// <summary>
/// <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> over sentence encoders. Texts of a call share passes by their length and change no bit
/// of each other. Calls from several threads take turns.
/// </summary>
public sealed class OctavoEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The additional property that, where it is true, lets texts that are too long be cut.</summary>
    public const string Truncate = "truncate";

    private readonly TextEncoder _encoder;
    private readonly SentenceSettings _settings;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly bool _ownsEncoder;

    /// <summary>Wraps an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="settings">How its rows become an embedding; null reads what the checkpoint says.</param>
    /// <param name="ownsEncoder">Whether disposing this disposes the encoder.</param>
    /// <exception cref="ConfigException">The checkpoint does not say how it pools, and no settings are given.</exception>
    public OctavoEmbeddingGenerator(TextEncoder encoder, SentenceSettings? settings = null, bool ownsEncoder = false)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        _encoder = encoder;
        _ownsEncoder = ownsEncoder;
        var checkpoint = encoder.Model.Checkpoint;
        _settings = settings ?? SentenceSettings.Read(checkpoint)
            ?? throw new ConfigException($"{checkpoint.Path} does not say how its rows become one embedding (there is no modules.json). Say it (--pooling on the command line): mean, cls, last or max.");
        MaxTokens = Math.Min(_settings.MaxTokens ?? encoder.MaxTokens, encoder.MaxTokens);
        _metadata = new EmbeddingGeneratorMetadata("octavo", null, Path.GetFileName(checkpoint.Path.TrimEnd('/', '\\')), encoder.Width);
    }

    /// <summary>Loads an encoder and owns it.</summary>
    /// <param name="path">Folder or file, as <see cref="Octavo.Models.Checkpoint.Open"/> takes it.</param>
    /// <param name="options">How to run it.</param>
    public OctavoEmbeddingGenerator(string path, EngineOptions? options = null) : this(TextEncoder.Load(path, options), null, ownsEncoder: true) { }

    /// <summary>The most tokens of a text, special ones included.</summary>
    public int MaxTokens { get; }

    /// <inheritdoc/>
    /// <exception cref="ResourceException">A text is too long, and <see cref="Truncate"/> is not set.</exception>
    /// <exception cref="UnsupportedException">An option that is not supported, by name.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != _encoder.Width)
            throw new UnsupportedException($"EmbeddingGenerationOptions.Dimensions is {dimensions}; {_metadata.DefaultModelId} has {_encoder.Width}.");
        if (options?.ModelId is { } id && id != _metadata.DefaultModelId)
            throw new UnsupportedException($"EmbeddingGenerationOptions.ModelId is '{id}'; this generator runs '{_metadata.DefaultModelId}'.");
        var cuts = options?.AdditionalProperties?.TryGetValue(Truncate, out var value) == true && value is true;
        var ids = values.Select((text, index) => Encode(text, cuts, index)).ToList();
        return Task.Run(() => Generate(ids, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return _metadata;
        if (serviceType == typeof(TextEncoder))
            return _encoder;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsEncoder)
            _encoder.Dispose();
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(List<int[]> ids, CancellationToken cancellationToken)
    {
        var rows = _encoder.Run(ids, null, null, cancellationToken);
        var tokens = ids.Sum(text => text.Length);
        return new GeneratedEmbeddings<Embedding<float>>(rows.Select(text => new Embedding<float>(
            Pool.Rows(text, _encoder.Width, _settings.Pooling, _settings.Normalize))
        { ModelId = _metadata.DefaultModelId }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    /// <summary>The tokens of a text, special ones included.</summary>
    internal int[] Encode(string text, bool cuts, int index = 0)
    {
        var options = new InputOptions { Truncation = cuts ? new Truncation(MaxTokens) : null };
        var ids = _encoder.Model.Tokenizer.EncodeInput(text, null, options).Ids;
        if (ids.Length > MaxTokens)
        {
            throw new ResourceException(
                $"Text {index} has {ids.Length} tokens; {_metadata.DefaultModelId} takes at most {MaxTokens}. Shorten it, or allow cutting ({Truncate}; --truncate on the command line).");
        }
        return ids.ToArray();
    }
}
