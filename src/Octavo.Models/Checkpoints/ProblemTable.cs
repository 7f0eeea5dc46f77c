using System.Text;

namespace Octavo.Models.Checkpoints;

/// <summary>One tensor that is not as it should be.</summary>
internal sealed record ProblemRow(string Problem, string Tensor, string Expected, string Found);

/// <summary>Everything that is wrong with the tensors of a file, as one message.</summary>
internal static class ProblemTable
{
    private const int Shown = 40;

    /// <param name="what">What does not fit what.</param>
    /// <param name="groups">The problems by their kind: missing, unexpected, mis-shaped.</param>
    /// <param name="advice">What to do.</param>
    public static string Write(string what, ReadOnlySpan<List<ProblemRow>> groups, string advice)
    {
        var text = new StringBuilder(what)
            .Append($" ({groups[0].Count} missing, {groups[1].Count} unexpected, {groups[2].Count} mis-shaped).");
        List<ProblemRow> rows = [new ProblemRow("problem", "tensor", "expected", "found")];
        foreach (var group in groups)
        {
            rows.AddRange(group.Take(Shown));
            if (group.Count > Shown)
                rows.Add(new ProblemRow(group[0].Problem, $"… and {group.Count - Shown} more", "", ""));
        }
        var (first, second, third) = (rows.Max(r => r.Problem.Length), rows.Max(r => r.Tensor.Length), rows.Max(r => r.Expected.Length));
        foreach (var row in rows)
        {
            var line = $"  {row.Problem.PadRight(first)}  {row.Tensor.PadRight(second)}  {row.Expected.PadRight(third)}  {row.Found}";
            text.Append('\n').Append(line.TrimEnd());
        }
        return text.Append('\n').Append(advice).ToString();
    }
}
