using System.Diagnostics;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Engine.Sampling;

namespace Octavo.Engine.Generation;

/// <summary>
/// Turns rows of logits into one answer: sampler, end, text, clock. Alone or in a batch, an answer is made here, and so it is the same.
/// </summary>
internal sealed class Completion
{
    private readonly LanguageModel _model;
    private readonly GenerationOptions _options;
    private readonly Sampler _sampler;
    private readonly TokenDecoder? _decoder;
    private readonly StopTexts _stops;
    private readonly HashSet<int> _stopIds;
    private readonly int _promptTokens;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _first;
    private long _last;
    private int _completion;

    public Completion(LanguageModel model, GenerationOptions options, ReadOnlySpan<int> prompt)
    {
        _model = model;
        _options = options;
        _sampler = new Sampler(options, model.VocabularySize);
        _sampler.AcceptPrompt(prompt);
        _promptTokens = prompt.Length;
        _decoder = options.WithoutText ? null : model.Tokenizer.CreateDecoder(skipSpecial: true, continues: true);
        _stops = new StopTexts(options.Stop);
        _stopIds = options.IgnoreEnd ? [] : [.. model.Tokenizer.StopIds, .. model.Checkpoint.StopIds];
    }

    /// <summary>Tokens of the prompt that were not computed.</summary>
    public int Reused { get; set; }

    /// <summary>What the answer took so far.</summary>
    public GenerationTimings Timings => new(_promptTokens, Reused, _completion, Span(_first), Span(_first), Span(_last));

    /// <summary>Refuses a prompt that leaves no room for an answer, and tokens that the model does not have.</summary>
    public static void Check(LanguageModel model, IReadOnlyList<int> prompt)
    {
        if (prompt.Count == 0)
            throw new ConfigException("The prompt has no tokens; give some text.");
        if (prompt.Count >= model.ContextLength)
        {
            throw new ResourceException(
                $"The prompt has {prompt.Count} tokens and the context holds {model.ContextLength}, one of which the answer needs. " +
                "Shorten the prompt, or give it more context where the model has more; nothing was cut.");
        }
        foreach (var token in prompt)
            model.Check(token);
    }

    /// <summary>Chooses the next token of the answer.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <param name="held">Tokens that the sequence holds, this one not among them.</param>
    /// <exception cref="EvaluationException">The logits hold NaN.</exception>
    public GeneratedToken Take(ReadOnlySpan<float> logits, int held)
    {
        var token = _sampler.Choose(logits);
        float? logProbability = null;
        IReadOnlyList<(int Id, float LogProbability)>? top = null;
        if (_options.LogProbabilities is { } count)
        {
            var sum = Logits.LogSum(logits);
            logProbability = (float)(logits[token] - sum);
            top = [.. Logits.Top(logits, count).Select(pair => (pair.Id, (float)(pair.Logit - sum)))];
        }
        _sampler.Accept(token);
        _completion++;
        _last = Stopwatch.GetTimestamp();
        if (_completion == 1)
            _first = _last;
        var (text, finish) = Read(token, held);
        return new GeneratedToken(token, text, finish, logProbability, top);
    }

    private (string Text, FinishReason? Finish) Read(int token, int held)
    {
        if (_stopIds.Contains(token))
            return (Rest(), FinishReason.Stop);
        var text = _stops.Append(_decoder?.Append(token) ?? "");
        if (_stops.Found)
            return (text, FinishReason.Stop);
        if (_completion == _options.MaxTokens || held == _model.ContextLength)
            return (text + Rest(), FinishReason.Length);
        return (text, null);
    }

    private string Rest()
    {
        var text = _stops.Append(_decoder?.Flush() ?? "");
        return _stops.Found ? text : text + _stops.Flush();
    }

    private TimeSpan Span(long until) => until == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_start, until);
}
