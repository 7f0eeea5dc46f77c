using System.Text;
using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.Engine;

namespace Octavo.Cli.Chat;

/// <summary>One generation as it goes: its text and tokens so far, also where it is cancelled.</summary>
/// <param name="model">The model.</param>
/// <param name="session">Its session.</param>
/// <param name="options">How tokens are chosen.</param>
internal sealed class Answer(LanguageModel model, Session session, GenerationOptions options)
{
    private readonly StringBuilder _text = new();
    private readonly List<GeneratedToken> _tokens = [];
    private Generator? _generator;

    public string Text => _text.ToString();

    public GenerationTimings Timings => _generator?.Timings ?? default;

    public FinishReason? Finish => _tokens.Count == 0 ? null : _tokens[^1].Finish;

    /// <summary>Runs to the end, telling each piece of text when it is complete.</summary>
    public void Run(IReadOnlyList<int> prompt, Action<string> onText, StatusLine status, CancellationToken cancellationToken)
    {
        var progress = new PromptProgress(status, () => prompt.Count - Timings.ReusedTokens);
        _generator = new Generator(model, session, options) { PromptProgress = progress };
        foreach (var token in _generator.Run(prompt, cancellationToken))
        {
            _tokens.Add(token);
            _text.Append(token.Text);
            if (token.Text.Length > 0)
                onText(token.Text);
        }
    }

    /// <summary>The line that closes an answer.</summary>
    public string SpeedLine()
    {
        var t = Timings;
        var reused = t.ReusedTokens > 0 ? $", {t.ReusedTokens} of them known" : "";
        var speed = Rate(t.CompletionTokens - 1, t.Total - t.FirstToken) is { } rate ? $", {rate:F1} tokens/s" : "";
        return $"[{t.CompletionTokens} tokens{speed}, first token after {t.FirstToken.TotalSeconds:F2} s, prompt {t.PromptTokens} tokens{reused}]";
    }

    /// <summary>The result for machines.</summary>
    public void WriteJson(Utf8JsonWriter json, TimeSpan load)
    {
        var t = Timings;
        json.WriteString("text", Text);
        json.WriteNumbers("tokens", _tokens.Select(token => token.Id));
        json.WriteString("finishReason", Finish switch
        {
            FinishReason.Stop => "stop",
            FinishReason.Length => "length",
            _ => "cancelled",
        });
        json.WriteNumber("promptTokens", t.PromptTokens);
        json.WriteNumber("reusedTokens", t.ReusedTokens);
        json.WriteNumber("completionTokens", t.CompletionTokens);
        json.WriteStartObject("timings");
        json.WriteSeconds("loadSeconds", load);
        json.WriteSeconds("promptSeconds", t.Prefill);
        json.WriteSeconds("firstTokenSeconds", t.FirstToken);
        json.WriteSeconds("totalSeconds", t.Total);
        WriteRate(json, "promptTokensPerSecond", Rate(t.PromptTokens - t.ReusedTokens, t.Prefill));
        WriteRate(json, "tokensPerSecond", Rate(t.CompletionTokens - 1, t.Total - t.FirstToken));
        json.WriteEndObject();
        if (options.LogProbabilities is not null)
            WriteLogProbabilities(json);
    }

    private void WriteLogProbabilities(Utf8JsonWriter json)
    {
        json.WriteStartArray("logprobs");
        foreach (var token in _tokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Id);
            json.WriteNumber("logprob", token.LogProbability.GetValueOrDefault());
            json.WritePairs("top", (token.Top ?? []).Select(pair => (pair.Id, pair.LogProbability)));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRate(Utf8JsonWriter json, string name, double? rate)
    {
        if (rate is { } known)
            json.WriteNumber(name, Math.Round(known, 2));
        else
            json.WriteNull(name);
    }

    private static double? Rate(int tokens, TimeSpan time) => tokens > 0 && time > TimeSpan.Zero ? tokens / time.TotalSeconds : null;
}
