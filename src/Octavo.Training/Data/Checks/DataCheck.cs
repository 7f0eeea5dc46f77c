using Octavo.Core;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Checks;

/// <summary>Looks at every row of a file before anything is learned from it.</summary>
/// <param name="literals">For special tokens in texts; null where no tokenizer was given.</param>
/// <param name="encoder">For lengths; null where no tokenizer was given.</param>
internal sealed class DataCheck(LiteralSpecials? literals, ExampleEncoder? encoder)
{
    /// <summary>Checks a file.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="form">The form that the configuration names, or null.</param>
    /// <param name="columns">For columns of other names: the usual name and the name in the file.</param>
    /// <param name="progress">Takes the number of rows that are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ConfigException">The columns are of no known form.</exception>
    /// <exception cref="InputFileException">No row can be read.</exception>
    public CheckReport Run(RowSource rows, string? form, IReadOnlyDictionary<string, string> columns, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var reader = Detect(rows, form, columns);
        var report = new CheckReport { Path = rows.Path, Unit = rows.Unit, Form = reader.Form, Rows = rows.Count };
        if (encoder is not null && reader.Form != RowForm.Preference)
            report.Tokens = new StreamReport();
        var seen = new Dictionary<ulong, long>();
        var inspected = Enumerable.Range(0, rows.Count).AsParallel().AsOrdered().WithCancellation(cancellationToken)
            .Select(index => Inspect(rows, reader, index));
        var done = 0;
        foreach (var row in inspected)
        {
            Add(report, rows, row, seen);
            progress?.Report(++done);
        }
        return report;
    }

    private static void Add(CheckReport report, RowSource rows, InspectedRow row, Dictionary<ulong, long> seen)
    {
        foreach (var finding in row.Findings)
            report.Add(finding);
        if (row.Findings.Any(finding => finding.Kind.IsError()))
            report.BadRows++;
        if (row.Encoded is { } encoded)
            report.Tokens = report.Tokens?.With(encoded);
        var number = rows.NumberOf(row.Index);
        if (row.Digest is { } digest && !seen.TryAdd(digest, number))
            report.Add(new Finding(number, FindingKind.Duplicate, $"says the same as {report.Unit} {seen[digest]}.", rows.Excerpt(row.Index)));
    }

    // the first row that is a row at all; the ones before it are findings of their own
    private static FormReader Detect(RowSource rows, string? form, IReadOnlyDictionary<string, string> columns)
    {
        for (var index = 0; index < rows.Count; index++)
        {
            try
            {
                return FormDetector.Detect(rows.Read(index).Value, rows.PlaceOf(index), form, columns);
            }
            catch (RowException error) when (index == rows.Count - 1)
            {
                throw error.At(rows.PlaceOf(index));
            }
            catch (RowException)
            {
                continue;
            }
        }
        throw new InputFileException($"{rows.Path} has no rows.");
    }

    private InspectedRow Inspect(RowSource rows, FormReader reader, int index)
    {
        var number = rows.NumberOf(index);
        var findings = new List<Finding>();
        try
        {
            var sample = reader.Read(rows.Read(index).Value);
            findings.AddRange(ConversationRules.Check(sample)
                .Select(found => new Finding(number, found.Kind, found.Message, found.Excerpt)));
            AddSpecials(findings, number, sample);
            var encoded = reader.Form == RowForm.Preference || findings.Any(finding => finding.Kind.IsError())
                ? null
                : encoder?.Encode(sample);
            AddTokens(findings, number, encoded, () => rows.Excerpt(index));
            return new InspectedRow(index, findings, RowDigest.Of(sample), encoded);
        }
        catch (RowException error)
        {
            var excerpt = error.Excerpt is { } part ? RowSource.OneLine(part) : rows.Excerpt(index);
            findings.Add(new Finding(number, KindOf(error.Kind), error.Message, excerpt));
            return new InspectedRow(index, findings, null, null);
        }
    }

    private void AddSpecials(List<Finding> findings, long number, Sample sample)
    {
        if (literals is null)
            return;
        var texts = sample switch
        {
            ChatSample chat => chat.Messages.Select(message => message.Content),
            PreferenceSample pair => pair.Chosen.Concat(pair.Rejected).Select(message => message.Content),
            TextSample text => [text.Text],
            _ => [],
        };
        foreach (var text in texts)
        {
            if (literals.FirstIn(text) is not { } special)
                continue;
            var at = Math.Max(0, text.IndexOf(special, StringComparison.Ordinal) - 20);
            findings.Add(new Finding(number, FindingKind.SpecialToken, $"a message spells the special token {special}; it stays text.",
                RowSource.OneLine(text[at..])));
            return;
        }
    }

    private static void AddTokens(List<Finding> findings, long number, EncodedSample? encoded, Func<string> excerpt)
    {
        if (encoded is null)
            return;
        void Note(FindingKind kind, string message) => findings.Add(new Finding(number, kind, message, excerpt()));
        switch (encoded.Fate)
        {
            case SampleFate.Truncated:
                Note(FindingKind.Truncated, $"{encoded.WholeLength} tokens are cut to {encoded.Tokens.Ids.Length}.");
                break;
            case SampleFate.TooLong:
                Note(FindingKind.LeftOut, $"{encoded.WholeLength} tokens are too long.");
                break;
            case SampleFate.NoTarget:
                Note(FindingKind.LeftOut, "nothing of it is to be learned, perhaps because the answer is cut off.");
                break;
        }
        if (encoded.Tokens.OpenTurns > 0)
            Note(FindingKind.OpenTurn, "an answer ends without a special token: a model would not learn to stop.");
        if (encoded.Tokens.BorderTokens > 0)
            Note(FindingKind.BorderToken, "a token holds both the beginning of an answer and what stands before it.");
    }

    private static FindingKind KindOf(RowProblem problem) => problem switch
    {
        RowProblem.InvalidUtf8 => FindingKind.InvalidUtf8,
        RowProblem.InvalidJson => FindingKind.InvalidJson,
        RowProblem.WrongForm => FindingKind.WrongForm,
        RowProblem.Template => FindingKind.Template,
        _ => FindingKind.TooLong,
    };

    /// <summary>A row that was looked at.</summary>
    private sealed record InspectedRow(int Index, List<Finding> Findings, ulong? Digest, EncodedSample? Encoded);
}
