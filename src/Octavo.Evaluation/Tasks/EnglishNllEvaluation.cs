using System.Globalization;
using Octavo.Core;
using Octavo.Evaluation.English;
using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Requests;

namespace Octavo.Evaluation.Tasks;

/// <summary>
/// How likely a model finds English documentation that is held out: the mean negative log-likelihood per token, in nats, over one passage
/// of each document. No chat template.
/// </summary>
internal sealed record EnglishNllEvaluation : EvaluationTask
{
    private const int FewestLetters = 500;
    private const int MostLetters = 3000;

    private readonly Dictionary<string, (string Id, string Text)[]> _passages = [];

    /// <summary>Where the text comes from; the documentation of this machine by default.</summary>
    public Func<string, IEnumerable<EnglishDocument>> Documents { get; init; } = split => new EnglishCorpus().Read(split);

    public override string Name => "english-nll";

    public override IReadOnlyList<MetricSpec> Metrics { get; } = [new("nll", IsRate: false)];

    public override string Settings(string split) =>
        string.Create(CultureInfo.InvariantCulture, $"corpus {TextHash.Of(Passages(split).SelectMany(passage => new[] { passage.Id, passage.Text })):x16}");

    public override IReadOnlyList<EvaluationSample> Samples(string split, int limit, ulong seed)
    {
        if (limit < 1)
            throw new ConfigException($"the limit is {limit}; give at least 1.");
        var passages = Passages(split);
        if (passages.Length < limit)
        {
            throw new ConfigException(
                $"english-nll has {passages.Length} passages in the split '{split}'; give at most that many, or install more text: {EnglishCorpus.Install}");
        }
        var order = ProceduralTask.Shuffled(new SeededRandom(seed), passages);
        return [.. order.Take(limit).Select(passage => Sample(passage.Id, passage.Text))];
    }

    // kept, since both the samples and the settings are made of them
    private (string Id, string Text)[] Passages(string split)
    {
        if (!_passages.TryGetValue(split, out var found))
            _passages[split] = found = [.. Documents(split).Select(Passage).Where(passage => passage.Text.Length >= FewestLetters)];
        return found;
    }

    private static EvaluationSample Sample(string id, string text) => new(id, [new RollingRequest(text)], "", results =>
    {
        var result = (LikelihoodResult)results[0];
        var nll = -result.LogLikelihood;
        return new Judgement("", (nll / result.Tokens).ToString("F4", CultureInfo.InvariantCulture), new Dictionary<string, double> { ["nll"] = nll }, result.Tokens);
    });

    // whole paragraphs, as many as fit
    private static (string Id, string Text) Passage(EnglishDocument document)
    {
        var text = "";
        foreach (var paragraph in document.Paragraphs)
        {
            if (text.Length + paragraph.Length > MostLetters)
                break;
            text += text.Length == 0 ? paragraph : "\n\n" + paragraph;
        }
        return (document.Id, text);
    }
}
