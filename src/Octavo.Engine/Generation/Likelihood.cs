using Octavo.Core;

namespace Octavo.Engine;

/// <summary>How likely a model finds a text.</summary>
/// <param name="Tokens">Tokens that were predicted: all of the text but the first of each window, or all of a continuation.</param>
/// <param name="Nll">The sum of their negative log-likelihoods, in nats.</param>
public readonly record struct Likelihood(int Tokens, double Nll)
{
    // logits of so many rows are held at once
    private const int Rows = 64;

    /// <summary>The mean per token, in nats.</summary>
    public double MeanNll => Nll / Tokens;

    /// <summary>e to the mean.</summary>
    public double Perplexity => Math.Exp(MeanNll);

    /// <summary>Measures one window: each token is predicted from all before it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">At least two tokens.</param>
    /// <param name="progress">Told how many tokens are done.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows.</param>
    /// <exception cref="ConfigException">There are fewer than two tokens.</exception>
    /// <exception cref="ResourceException">They do not fit the context; nothing was run.</exception>
    public static Likelihood Of(
        LanguageModel model, ReadOnlySpan<int> ids, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Of(model, null, ids, progress, cancellationToken);

    /// <summary>The same with an adapter.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapter">The name of one of its adapters; null for the model alone.</param>
    /// <param name="ids">At least two tokens.</param>
    /// <param name="progress">Told how many tokens are done.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows.</param>
    /// <inheritdoc cref="Of(LanguageModel, ReadOnlySpan{int}, IProgress{int}, CancellationToken)"/>
    public static Likelihood Of(
        LanguageModel model, string? adapter, ReadOnlySpan<int> ids, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ids.Length < 2)
            throw new ConfigException($"The text has {ids.Length} tokens; at least 2 are needed, since the first is not predicted.");
        if (ids.Length > model.ContextLength)
            throw new ResourceException($"{ids.Length} tokens do not fit the context of {model.ContextLength}. Measure them in shorter windows; nothing was cut.");
        using var session = model.NewSession(adapter);
        return new Likelihood(ids.Length - 1, Sum(session, ids, progress, cancellationToken));
    }

    /// <summary>
    /// Measures a continuation: each of its tokens is predicted from the context and those before it. What the session shares with the
    /// context need not be run again where that changes nothing, so many continuations of one context are measured one after another.
    /// </summary>
    /// <param name="session">Holds the context and the continuation afterwards, but for its last token.</param>
    /// <param name="context">At least one token.</param>
    /// <param name="continuation">At least one token.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows.</param>
    /// <exception cref="ConfigException">The context or the continuation has no token.</exception>
    /// <exception cref="ResourceException">Both together do not fit the context length; nothing was run.</exception>
    public static Likelihood Of(Session session, int[] context, int[] continuation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(continuation);
        if (context.Length == 0 || continuation.Length == 0)
        {
            throw new ConfigException(
                $"The context has {context.Length} tokens and the continuation {continuation.Length}; each needs at least 1, since the first of all is not predicted.");
        }
        if (context.Length + continuation.Length > session.ContextLength)
        {
            throw new ResourceException(
                $"A context of {context.Length} and a continuation of {continuation.Length} tokens do not fit the context length of {session.ContextLength}; nothing was cut.");
        }
        var fresh = context.AsSpan(session.Reuse(context));
        // the context's last token runs with the continuation: its logits predict the first token
        if (fresh.Length > 1)
            session.Forward(fresh[..^1], null, cancellationToken);
        return new Likelihood(continuation.Length, Sum(session, [context[^1], .. continuation], null, cancellationToken));
    }

    // of each token but the first, after what the session holds
    private static double Sum(Session session, ReadOnlySpan<int> ids, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var nll = 0.0;
        for (var at = 0; at < ids.Length - 1; at += Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Rows, ids.Length - 1 - at);
            var logits = session.ForwardAll(ids.Slice(at, count));
            var width = logits.Length / count;
            for (var i = 0; i < count; i++)
            {
                var row = logits.AsSpan(i * width, width);
                nll += Logits.LogSum(row) - row[ids[at + i + 1]];
            }
            progress?.Report(at + count);
        }
        return double.IsFinite(nll)
            ? nll
            : throw new EvaluationException($"The likelihood of the text is {nll}: the model's output is no number. Try --exact; if that fails too, the checkpoint is damaged.");
    }
}
