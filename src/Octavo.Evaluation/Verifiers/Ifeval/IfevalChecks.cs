using System.Text.Json.Nodes;
using Octavo.Core;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>
/// The verifiers of "Instruction-Following Evaluation for Large Language Models" (arXiv 2311.07911), as lm-eval runs them. A blank answer
/// follows nothing. Loosely, an answer may also follow without its stars, its first line or its last.
/// </summary>
internal static class IfevalChecks
{
    private static readonly Dictionary<string, IfevalCheck> _byId = All().ToDictionary(check => check.Id);

    /// <summary>All 25.</summary>
    public static IEnumerable<IfevalCheck> All() => [.. KeywordChecks.All, .. LengthChecks.All, .. FormatChecks.All, .. WholeChecks.All];

    /// <exception cref="UnsupportedException">There is no such instruction.</exception>
    public static IfevalCheck Of(string id) => _byId.TryGetValue(id, out var check)
        ? check
        : throw new UnsupportedException($"there is no instruction '{id}'; there are {string.Join(", ", _byId.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>Whether an answer follows an instruction to the letter.</summary>
    public static bool Strict(string id, JsonObject arguments, string answer) =>
        !PythonText.IsEmpty(answer) && Of(id).Follows(new IfevalArguments(id, arguments), answer);

    /// <summary>Whether one of its eight variants does.</summary>
    public static bool Loose(string id, JsonObject arguments, string answer) => Variants(answer).Any(variant => Strict(id, arguments, variant));

    private static IEnumerable<string> Variants(string answer)
    {
        var lines = answer.Split('\n');
        string[] cuts =
        [
            answer, PythonText.Strip(string.Join('\n', lines.Skip(1))), PythonText.Strip(string.Join('\n', lines.SkipLast(1))),
            PythonText.Strip(string.Join('\n', lines.Skip(1).SkipLast(1))),
        ];
        return cuts.Concat(cuts.Select(cut => cut.Replace("*", "", StringComparison.Ordinal)));
    }
}
