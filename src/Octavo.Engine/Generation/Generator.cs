using System.Diagnostics;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Engine.Generation;
using Octavo.Engine.Sampling;

namespace Octavo.Engine;

/// <summary>Generates one answer, token by token, over a session. Not thread-safe; made anew for each answer.</summary>
public sealed class Generator
{
    private readonly LanguageModel _model;
    private readonly Session _session;
    private readonly GenerationOptions _options;
    private readonly TokenDecoder _decoder;
    private readonly StopTexts _stops;
    private readonly HashSet<int> _stopIds;
    private long _start;
    private long _prefilled;
    private long _first;
    private long _last;
    private int _promptTokens;
    private int _reused;
    private int _completion;

    /// <summary>Prepares a generation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="session">Its session; what it already holds of the prompt is reused.</param>
    /// <param name="options">How tokens are chosen; validated here.</param>
    /// <exception cref="ConfigException">An option is wrong.</exception>
    public Generator(LanguageModel model, Session session, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _model = model;
        _session = session;
        _options = options;
        _decoder = model.Tokenizer.CreateDecoder(skipSpecial: true, continues: true);
        _stops = new StopTexts(options.Stop);
        _stopIds = [.. model.Tokenizer.StopIds, .. model.Checkpoint.StopIds];
    }

    /// <summary>Told how many of the prompt's new tokens are done, after each block.</summary>
    public IProgress<int>? PromptProgress { get; init; }

    /// <summary>What the generation took so far.</summary>
    public GenerationTimings Timings => new(
        _promptTokens, _reused, _completion, Span(_prefilled), Span(_first), Span(_last));

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
        if (prompt.Count == 0)
            throw new ConfigException("The prompt has no tokens; give some text.");
        if (prompt.Count >= _model.ContextLength)
        {
            throw new ResourceException(
                $"The prompt has {prompt.Count} tokens and the context holds {_model.ContextLength}, one of which the answer needs. " +
                "Shorten the prompt; nothing was cut.");
        }
        return Generate([.. prompt], cancellationToken);
    }

    private IEnumerable<GeneratedToken> Generate(int[] prompt, CancellationToken cancellationToken)
    {
        _start = Stopwatch.GetTimestamp();
        _promptTokens = prompt.Length;
        var sampler = new Sampler(_options, _model.VocabularySize);
        sampler.AcceptPrompt(prompt);
        _reused = Reuse(prompt);
        var next = Step(prompt.AsSpan(_reused), sampler, PromptProgress, out var logProbability, out var top, cancellationToken);
        _prefilled = Stopwatch.GetTimestamp();
        while (true)
        {
            _last = Stopwatch.GetTimestamp();
            _completion++;
            if (_completion == 1)
                _first = _last;
            var (text, finish) = Take(next);
            yield return new GeneratedToken(next, text, finish, logProbability, top);
            if (finish is not null)
                yield break;
            sampler.Accept(next);
            cancellationToken.ThrowIfCancellationRequested();
            next = Step([next], sampler, null, out logProbability, out top, cancellationToken);
        }
    }

    private int Reuse(int[] prompt)
    {
        var common = _session.Tokens.CommonPrefixLength(prompt);
        // The last token runs again: its logits begin the answer.
        common = Math.Min(common, prompt.Length - 1);
        if (_model.KeysDependOnLength(Math.Max(prompt.Length, _session.Tokens.Length)))
            common = 0;
        _session.Rollback(common);
        return common;
    }

    private int Step(
        ReadOnlySpan<int> tokens, Sampler sampler, IProgress<int>? progress, out float? logProbability,
        out IReadOnlyList<(int Id, float LogProbability)>? top, CancellationToken cancellationToken)
    {
        var logits = _session.Forward(tokens, progress, cancellationToken);
        var next = sampler.Choose(logits);
        logProbability = null;
        top = null;
        if (_options.LogProbabilities is { } count)
        {
            var sum = Logits.LogSum(logits);
            logProbability = (float)(logits[next] - sum);
            top = [.. Logits.Top(logits, count).Select(pair => (pair.Id, (float)(pair.Logit - sum)))];
        }
        return next;
    }

    private (string Text, FinishReason? Finish) Take(int token)
    {
        if (_stopIds.Contains(token))
            return (Rest(), FinishReason.Stop);
        var text = _stops.Append(_decoder.Append(token));
        if (_stops.Found)
            return (text, FinishReason.Stop);
        if (_completion == _options.MaxTokens || _session.Tokens.Length == _model.ContextLength)
            return (text + Rest(), FinishReason.Length);
        return (text, null);
    }

    private string Rest()
    {
        var text = _stops.Append(_decoder.Flush());
        return _stops.Found ? text : text + _stops.Flush();
    }

    private TimeSpan Span(long until) => until == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_start, until);
}
