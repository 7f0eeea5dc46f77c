using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Training.Data;

namespace Octavo.Cli.Data;

/// <summary>Draws how examples lie in packed rows.</summary>
internal static class PackedText
{
    private const int Width = 64;

    /// <summary>Packs examples as training does; one that is longer than a row is cut.</summary>
    public static List<IReadOnlyList<Example>> Pack(IReadOnlyList<Example> examples, int length)
    {
        var packer = new Packer(length, mostOpen: 64);
        var rows = new List<PackedRow>();
        for (var i = 0; i < examples.Count; i++)
        {
            if (packer.Add(i, Math.Min(examples[i].Ids.Length, length)) is { } full)
                rows.Add(full);
        }
        while (packer.TakeOldest() is { } row)
            rows.Add(row);
        return [.. rows.Select(row => (IReadOnlyList<Example>)[.. row.Indexes.Select(index => Cut(examples[index], length))])];
    }

    /// <summary>Draws packed rows: small letters are context, capitals are learned, dots are padding.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<IReadOnlyList<Example>> rows, int length, string unit)
    {
        for (var i = 0; i < rows.Count; i++)
            WriteRow(terminal, rows[i], length, i + 1, unit);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"rows of {length} tokens: {rows.Count}, examples: {rows.Sum(row => row.Count)}; "
            + $"a capital letter is learned, a dot is padding; one letter is {PerCell(length)} tokens"));
    }

    private static void WriteRow(Terminal terminal, IReadOnlyList<Example> examples, int length, int number, string unit)
    {
        var batch = Collator.Pack([examples], length);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"row {number}: {batch.Tokens} tokens, {batch.Targets} learned, {100 * batch.PaddingShare:F1} % padding"));
        terminal.Out.WriteLine($"  {Bar(batch)}");
        var at = 0;
        for (var i = 0; i < examples.Count; i++)
        {
            var size = examples[i].Ids.Length;
            terminal.Out.WriteLine(
                $"  {Letter(i + 1)}  {unit} {examples[i].Row}: {at} to {at + size - 1}, positions 0 to {size - 1}, {examples[i].Targets} learned");
            at += size;
        }
    }

    // a cell shows the document that it begins with, and whether most of the cell is learned
    private static string Bar(Batch batch)
    {
        var per = PerCell(batch.Length);
        return string.Concat(Enumerable.Range(0, (batch.Length + per - 1) / per).Select(cell =>
        {
            var (start, end) = (cell * per, Math.Min(batch.Length, (cell + 1) * per));
            var learned = batch.Labels.AsSpan(start..end).Length - batch.Labels.AsSpan(start..end).Count(Collator.Ignored);
            var letter = Letter(batch.Documents[start]);
            return learned * 2 > end - start ? char.ToUpperInvariant(letter) : letter;
        }));
    }

    private static int PerCell(int length) => (length + Width - 1) / Width;

    private static char Letter(int document) => document == 0 ? '.' : (char)('a' + ((document - 1) % 26));

    private static Example Cut(Example example, int length) => example.Ids.Length <= length
        ? example
        : example with { Ids = example.Ids[..length], IsTarget = example.IsTarget[..length] };
}
