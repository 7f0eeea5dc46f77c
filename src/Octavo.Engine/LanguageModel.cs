using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Models;

namespace Octavo.Engine;

/// <summary>A text model ready to run. Sessions of one model may be used from different threads, one computation at a time.</summary>
public sealed class LanguageModel : IDisposable
{
    /// <summary>Loads a checkpoint; the model owns it from then on.</summary>
    /// <param name="checkpoint">An opened checkpoint.</param>
    /// <param name="options">How to run it.</param>
    public static LanguageModel Load(Checkpoint checkpoint, EngineOptions? options = null) => throw new UnsupportedException($"{checkpoint}{options}");

    /// <summary>Opens and loads a checkpoint.</summary>
    /// <param name="path">Folder or file, as <see cref="Checkpoint.Open"/> takes it.</param>
    /// <param name="options">How to run it.</param>
    public static LanguageModel Load(string path, EngineOptions? options = null) => throw new UnsupportedException($"{path}{options}");

    /// <summary>The checkpoint.</summary>
    public Checkpoint Checkpoint => throw new UnsupportedException("not built yet");

    /// <summary>The tokenizer, read when first asked for.</summary>
    public Tokenizer Tokenizer => throw new UnsupportedException("not built yet");

    /// <summary>The chat template, or null where the checkpoint has none; parsed when first asked for.</summary>
    public ChatTemplate? Template => throw new UnsupportedException("not built yet");

    /// <summary>Positions that a sequence may hold.</summary>
    public int ContextLength => throw new UnsupportedException("not built yet");

    /// <summary>The instruction set in use.</summary>
    public string InstructionSet => throw new UnsupportedException("not built yet");

    /// <summary>Threads that compute.</summary>
    public int Threads => throw new UnsupportedException("not built yet");

    /// <summary>Starts an empty sequence.</summary>
    public Session NewSession() => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public void Dispose() { }
}

/// <summary>One sequence with its cache. Not thread-safe.</summary>
public sealed class Session : IDisposable
{
    /// <summary>The tokens that the cache holds.</summary>
    public IReadOnlyList<int> Tokens => throw new UnsupportedException("not built yet");

    /// <summary>Runs tokens through the model and returns the logits of the last one: valid until the next call.</summary>
    /// <param name="tokens">At least one.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows.</param>
    /// <exception cref="ResourceException">The sequence would not fit the context; nothing was run.</exception>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default) =>
        throw new UnsupportedException($"{tokens.Length}{cancellationToken}");

    /// <summary>Forgets everything after the first <paramref name="length"/> tokens.</summary>
    /// <param name="length">How many tokens to keep.</param>
    public void Rollback(int length) => throw new UnsupportedException($"{length}");

    /// <inheritdoc/>
    public void Dispose() { }
}

/// <summary>Generates an answer token by token over a session.</summary>
public sealed class Generator
{
    /// <summary>Prepares a generation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="session">Its session; what it already holds of the prompt is reused.</param>
    /// <param name="options">How tokens are chosen.</param>
    public Generator(LanguageModel model, Session session, GenerationOptions options) => throw new UnsupportedException($"{model}{session}{options}");

    /// <summary>What the generation took so far.</summary>
    public GenerationTimings Timings => throw new UnsupportedException("not built yet");

    /// <summary>Runs the prompt, then yields one record per token. The session holds prompt and answer afterwards.</summary>
    /// <param name="prompt">The whole prompt, from the beginning of the sequence.</param>
    /// <param name="cancellationToken">Looked at once per token and between blocks of the prompt.</param>
    /// <exception cref="ResourceException">The prompt does not fit the context: the message has both numbers; nothing is cut.</exception>
    public IEnumerable<GeneratedToken> Run(IReadOnlyList<int> prompt, CancellationToken cancellationToken = default) =>
        throw new UnsupportedException($"{prompt}{cancellationToken}");
}
