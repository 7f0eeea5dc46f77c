using Octavo.Core;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>Every scorer, by the names of the released code.</summary>
internal static class Scorers
{
    public static IReadOnlyList<Scorer> All { get; } =
    [
        new RetrievalScorer(), new PasskeyScorer(), new NumberScorer(), new DialogueScorer(), new ManyShotScorer(), new ChoiceScorer(),
        new ChineseAnswerScorer(), new EnglishAnswerScorer(), new VariablesScorer(), new SummaryScorer(),
    ];

    /// <summary>A scorer by its name.</summary>
    /// <exception cref="UnsupportedException">There is none of that name; the message lists them.</exception>
    public static Scorer Of(string name) => All.FirstOrDefault(scorer => scorer.Name == name)
        ?? throw new UnsupportedException($"the scorer '{name}' is not supported; supported are {string.Join(", ", All.Select(scorer => scorer.Name))}.");
}
