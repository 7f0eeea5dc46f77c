using Octavo.Core;

namespace Octavo.Engine;

/// <summary>How likely a model finds a text.</summary>
/// <param name="Tokens">Tokens that were predicted: all of the text but the first of each window.</param>
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
        if (!double.IsFinite(nll))
            throw new EvaluationException($"The likelihood of the text is {nll}: the model's output is no number. Try --exact; if that fails too, the checkpoint is damaged.");
        return new Likelihood(ids.Length - 1, nll);
    }
}
