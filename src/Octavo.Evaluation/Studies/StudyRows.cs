using System.Text;
using System.Text.Json;
using Octavo.Core;

namespace Octavo.Evaluation.Studies;

/// <summary>The rows of a study by cell: of cells that were run again after a failure the last.</summary>
internal sealed class StudyRows
{
    private readonly Dictionary<StudyCell, StudyRow> _byCell;

    private StudyRows(Dictionary<StudyCell, StudyRow> byCell) => _byCell = byCell;

    /// <summary>Rows that came from elsewhere than a file.</summary>
    public StudyRows(IEnumerable<StudyRow> rows) : this(rows.ToDictionary(row => row.Cell)) { }

    /// <summary>The row of a cell; null where it was not run.</summary>
    public StudyRow? this[StudyCell cell] => _byCell.GetValueOrDefault(cell);

    public int Count => _byCell.Count;

    /// <summary>How many bytes of the file are whole lines.</summary>
    public long Bytes { get; private init; }

    /// <summary>How many bytes behind them are the beginning of a line that was cut off.</summary>
    public long CutBytes { get; private init; }

    /// <summary>Whether the plan claims now what it claimed when the study began.</summary>
    public bool AreClaimsOfTheBeginning { get; private init; } = true;

    /// <summary>The rows and one more.</summary>
    public StudyRows With(StudyRow row) => new(new Dictionary<StudyCell, StudyRow>(_byCell) { [row.Cell] = row })
    {
        Bytes = Bytes,
        CutBytes = CutBytes,
        AreClaimsOfTheBeginning = AreClaimsOfTheBeginning,
    };

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="bytes">All of it. What stands behind the last line end was cut off by whatever ended the run.</param>
    /// <param name="path">For messages.</param>
    /// <param name="plan">What the rows have to be of.</param>
    public static StudyRows Parse(ReadOnlySpan<byte> bytes, string path, StudyPlan plan)
    {
        var end = bytes.LastIndexOf((byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(bytes[..end]).Split('\n')[..^1];
        var header = lines.Length > 0 ? ReadHeader(lines[0], path, plan) : StudyHeader.Of(plan);
        var cells = plan.Cells().ToHashSet();
        Dictionary<StudyCell, StudyRow> rows = [];
        for (var i = 1; i < lines.Length; i++)
        {
            var row = ReadRow(lines[i], $"{path}, line {i + 1}", plan, cells);
            if (rows.TryGetValue(row.Cell, out var earlier) && earlier.Result.Failure is null)
                throw new InputFileException($"{path}, line {i + 1}: {row.Cell} has a row above already. Take one of them away.");
            rows[row.Cell] = row;
        }
        return new StudyRows(rows) { Bytes = end, CutBytes = bytes.Length - end, AreClaimsOfTheBeginning = header.Claims == plan.ClaimsMark() };
    }

    private static StudyHeader ReadHeader(string line, string path, StudyPlan plan)
    {
        StudyHeader? header;
        try
        {
            header = JsonSerializer.Deserialize(line, StudyJson.Lines.StudyHeader);
        }
        catch (JsonException error)
        {
            throw new InputFileException($"{path}, line 1: no header of a study: {error.Message} Take the file away and run again.", error);
        }
        if (header is not { Study: not null, Meaning: not null, Format: StudyHeader.Newest })
            throw new InputFileException($"{path}, line 1: no header of a study in format {StudyHeader.Newest}. Take the file away and run again.");
        if (!header.Meaning.SequenceEqual(plan.Meaning()))
        {
            throw new ConfigException(
                $"{path} holds rows of another plan ({LineDifference.Of(header.Meaning, plan.Meaning())}). Give another --output, or take it away.");
        }
        return header;
    }

    private static StudyRow ReadRow(string line, string where, StudyPlan plan, HashSet<StudyCell> cells)
    {
        try
        {
            return StudyLine.Read(line, plan, cells);
        }
        catch (JsonException error)
        {
            throw new InputFileException($"{where}: no row of the study {plan.Name}: {error.Message} Take the line away and run again.", error);
        }
    }
}
