using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>Everything that was found out, for the file.</summary>
internal sealed record Report
{
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public required DateTimeOffset Date { get; init; }
    public required string Processor { get; init; }
    public required int Processors { get; init; }
    public required IEnumerable<string> Features { get; init; }
    public required string Model { get; init; }
    public required int Threads { get; init; }
    public required string Kv { get; init; }
    public required string OctavoKv { get; init; }
    public required int Repetitions { get; init; }
    public required double Apart { get; init; }
    public required IReadOnlyDictionary<string, Identity> Engines { get; init; }
    public required IReadOnlyList<Row> Rows { get; init; }

    /// <exception cref="ConfigException">The place cannot be written to.</exception>
    public void Write(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, JsonSerializer.Serialize(this, _json) + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: cannot be written: {error.Message}. Give another place with --out.", error);
        }
    }

    /// <summary>The table for people.</summary>
    public void Print(TextWriter writer)
    {
        var unequal = OctavoKv == Kv ? "" : $" (Octavo {OctavoKv}: NOT EQUAL)";
        writer.WriteLine($"{Model}, {Threads} threads, keys and values {Kv}{unequal}, {Processor}");
        writer.WriteLine("The ratio is how many times better Octavo is; above 1 it wins. Medians over kept pairs, least and most in brackets.");
        writer.WriteLine();
        writer.WriteLine($"{"peer",-11} {"test",-13} {"its setting",-11} {"peer",9} {"Octavo",9} {"",-6} {"ratio",-20} pairs");
        foreach (var row in Rows)
            writer.WriteLine(Line(row));
        foreach (var failure in Rows.SelectMany(row => row.Failures))
            writer.WriteLine($"No figure for {failure}");
        writer.WriteLine();
        var (all, dropped) = (Rows.Sum(row => row.Pairs.Count), Rows.Sum(row => row.Dropped));
        writer.WriteLine($"{dropped} of {all} pairs were dropped because their probes lie more than {Apart * 100:F0} % apart.");
    }

    private static string Line(Row row)
    {
        var (test, ratio) = (row.Test, row.Ratio);
        string Show(Statistic? value) => value is null ? "-" : test.Show(value.Median);
        var verdict = ratio is null ? "-" : string.Create(
            CultureInfo.InvariantCulture, $"{ratio.Median:F2} ({ratio.Min:F2}-{ratio.Max:F2})");
        var kept = $"{row.Pairs.Count - row.Dropped} of {row.Pairs.Count}";
        return $"{row.Peer,-11} {test.Name,-13} {row.Setting,-11} {Show(row.PeerValue),9} "
            + $"{Show(row.OctavoValue),9} {test.Unit,-6} {verdict,-20} {kept}";
    }
}
