using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Training.Data;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;

namespace Octavo.Cli.Data;

/// <summary><c>octavo data show FILE</c>: prints examples as the model sees them, with what of them is learned.</summary>
/// <param name="flags">Options about how rows are read and encoded.</param>
/// <param name="count">The option for how many.</param>
/// <param name="json">The option for JSON.</param>
internal sealed class DataShowAction(DataFlags flags, Option<string?> count, Option<string?> json)
{
    private const int PackedLength = 2048;

    private readonly Option<string?> _row = Options.Whole(
        "--row", "show: the line or row to begin with, as data check names it; the first by default.");
    private readonly Option<string?> _ids = Options.Flag("--ids", "show: one line for each token, with its id.");
    private readonly Option<string?> _packed = Options.Flag(
        "--packed", "show: how the examples lie in packed rows of --max-seq-length tokens (2048).");

    public IEnumerable<Symbol> Symbols => [.. flags.Symbols, _row, count, _ids, _packed, json];

    /// <summary>Shows examples of one file.</summary>
    public int Run(IReadOnlyList<string> files, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (files.Count != 1)
            throw new ConfigException("data show: give one file.");
        var encoders = flags.Load(parsed) ?? throw new ConfigException("data show needs a tokenizer; give --model MODEL.");
        var wanted = Count(parsed);
        using var rows = RowFile.Open(files[0], cancellationToken: interrupts.Token);
        var first = FindRow(rows, parsed.Whole(_row));
        var reader = Detect(rows, first, parsed);
        var shown = new List<(string Title, EncodedSample Encoded, long Row)>();
        for (var index = first; index < Math.Min(rows.Count, first + wanted); index++)
        {
            interrupts.Token.ThrowIfCancellationRequested();
            shown.AddRange(Encode(rows, reader, encoders, index).Select(example => (example.Title, example.Encoded, rows.NumberOf(index))));
        }
        if (parsed.Has(_packed))
            WritePacked(parsed, terminal, shown, rows);
        else
            WriteExamples(parsed, terminal, shown, encoders);
        return 0;
    }

    private void WriteExamples(
        ParseResult parsed, Terminal terminal, List<(string Title, EncodedSample Encoded, long Row)> shown, DataEncoders encoders)
    {
        if (parsed.Has(json))
        {
            JsonText.WriteLine(terminal.Out, writer =>
            {
                writer.WriteStartArray("examples");
                shown.ForEach(example => ExampleJson.Write(writer, encoders.Tokenizer, example.Title, example.Encoded));
                writer.WriteEndArray();
            });
            return;
        }
        var text = new ExampleText(terminal, encoders.Tokenizer);
        foreach (var (title, encoded, _) in shown)
        {
            if (parsed.Has(_ids))
                text.WriteIds(title, encoded);
            else
                text.Write(title, encoded);
        }
        if (!parsed.Has(_ids))
            text.WriteLegend();
    }

    private void WritePacked(
        ParseResult parsed, Terminal terminal, List<(string Title, EncodedSample Encoded, long Row)> shown, RowSource source)
    {
        var length = flags.Encoding(parsed).MaxLength ?? PackedLength;
        var examples = shown.Where(example => example.Encoded.IsKept)
            .Select(example => new Example(example.Encoded.Tokens.Ids, example.Encoded.Tokens.IsTarget, source.Path, example.Row)).ToList();
        if (examples.Count == 0)
            throw new ConfigException("data show: none of these rows becomes an example; see them without --packed.");
        var rows = PackedText.Pack(examples, length);
        if (parsed.Has(json))
            JsonText.WriteLine(terminal.Out, writer => ExampleJson.Write(writer, Collator.Pack(rows, length)));
        else
            PackedText.Write(terminal, rows, length, source.Unit);
    }

    private FormReader Detect(RowSource rows, int index, ParseResult parsed)
    {
        try
        {
            return FormDetector.Detect(rows.Read(index).Value, rows.PlaceOf(index), flags.Form(parsed), flags.Columns(parsed));
        }
        catch (RowException error)
        {
            throw error.At(rows.PlaceOf(index));
        }
    }

    private int Count(ParseResult parsed) => parsed.Whole(count) switch
    {
        null => 1,
        { } number and > 0 => number,
        var wrong => throw new ConfigException($"{count.Name} is {wrong}; give a whole number from 1 on."),
    };

    private static int FindRow(RowSource rows, int? number)
    {
        if (number is not { } wanted)
            return 0;
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = rows.NumberOf(middle) < wanted ? (middle + 1, high) : (low, middle);
        }
        if (low == rows.Count)
            throw new ConfigException(
                $"--row is {wanted}; the last {rows.Unit} with a row in {rows.Path} is {rows.NumberOf(rows.Count - 1)}.");
        return rows.NumberOf(low) == wanted
            ? low
            : throw new ConfigException($"--row is {wanted}; that {rows.Unit} of {rows.Path} holds no row.");
    }

    private static List<(string Title, EncodedSample Encoded)> Encode(RowSource rows, FormReader reader, DataEncoders encoders, int index)
    {
        try
        {
            var sample = reader.Read(rows.Read(index).Value);
            var title = $"{Path.GetFileName(rows.Path)}, {rows.Unit} {rows.NumberOf(index)}";
            return sample is PreferenceSample pair
                ?
                [
                    ($"{title}, chosen", encoders.Examples.Encode(new ChatSample(pair.Chosen))),
                    ($"{title}, rejected", encoders.Examples.Encode(new ChatSample(pair.Rejected))),
                ]
                : [(title, encoders.Examples.Encode(sample))];
        }
        catch (RowException error)
        {
            throw error.At(rows.PlaceOf(index));
        }
    }
}
