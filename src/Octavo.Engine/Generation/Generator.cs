using Octavo.Core;
using Octavo.Engine.Generation;

namespace Octavo.Engine;

/// <summary>Generates one answer, token by token, over a session. Not thread-safe; made anew for each answer.</summary>
public sealed class Generator
{
    private readonly LanguageModel _model;
    private readonly Session _session;
    private readonly GenerationOptions _options;
    private Completion? _completion;

    /// <summary>Prepares a generation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="session">Its session; what it already holds of the prompt is reused.</param>
    /// <param name="options">How tokens are chosen; validated here.</param>
    /// <exception cref="ConfigException">An option is wrong, or the session is one of another model.</exception>
    public Generator(LanguageModel model, Session session, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        session.CheckOwner(model);
        session.CheckAdapter(options.Adapter);
        session.CheckMethod(options.KvMethod);
        _model = model;
        _session = session;
        _options = options;
    }

    /// <summary>Told how many of the prompt's new tokens are done, after each block.</summary>
    public IProgress<int>? PromptProgress { get; init; }

    /// <summary>What the generation took so far.</summary>
    public GenerationTimings Timings => _completion?.Timings ?? default;

    /// <summary>
    /// Runs the prompt, then yields one record per token; the last one has a finish reason. The session holds the prompt and the answer
    /// but its last token afterwards, also where the caller stops early.
    /// </summary>
    /// <param name="prompt">The whole prompt, from the beginning of the sequence.</param>
    /// <param name="cancellationToken">Looked at once per token and between blocks of the prompt.</param>
    /// <exception cref="ResourceException">The prompt does not fit the context: the message has both numbers; nothing is cut.</exception>
    /// <exception cref="EvaluationException">The model's output is not a number.</exception>
    public IEnumerable<GeneratedToken> Run(IReadOnlyList<int> prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        Completion.Check(_model, prompt);
        return Generate([.. prompt], cancellationToken);
    }

    private IEnumerable<GeneratedToken> Generate(int[] prompt, CancellationToken cancellationToken)
    {
        _completion = new Completion(_model, _options, prompt);
        _completion.Reused = _session.Reuse(prompt);
        try
        {
            var token = Step(prompt.AsSpan(_completion.Reused), PromptProgress, cancellationToken);
            _session.Keep();
            yield return token;
            while (token.Finish is null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                token = Step([token.Id], null, cancellationToken);
                yield return token;
            }
        }
        finally
        {
            // Also what was read before a cancellation need not be read again.
            _session.Keep();
        }
    }

    private GeneratedToken Step(ReadOnlySpan<int> tokens, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var logits = _session.Forward(tokens, progress, cancellationToken);
        return _completion!.Take(logits, _session.Tokens.Length);
    }
}
