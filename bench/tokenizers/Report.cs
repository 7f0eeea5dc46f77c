using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Octavo.Bench.Tokenizers;

/// <summary>Everything that was measured.</summary>
internal sealed record Report
{
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public DateTimeOffset Date { get; } = DateTimeOffset.UtcNow;
    public string Processor { get; } = ProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString();
    public int Processors { get; } = Environment.ProcessorCount;
    public string Runtime { get; } = RuntimeInformation.FrameworkDescription;
    public required int Rounds { get; init; }
    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Writes all of it as JSON.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, _json) + "\n");

    public static void PrintHead(TextWriter writer) => writer.WriteLine(
        $"{"file",-12} {"text",-8} {"test",-9} {"who",-14} {"MB/s",7} {"middle half",-15} Octavo is so many times faster");

    /// <summary>A line of the table.</summary>
    public static void Print(Row row, TextWriter writer)
    {
        var (rate, culture) = (row.Rate, CultureInfo.InvariantCulture);
        var half = string.Create(culture, $"({rate.Low:F1}-{rate.High:F1})");
        var ratio = row.Ratio is { } times ? string.Create(culture, $"{times.Median,6:F2} ({times.Low:F2}-{times.High:F2})") : "";
        var what = row.Test == "decode" ? "TEXT" : "IDS";
        var other = row.Same == row.Parts ? "" : $"  OTHER {what}: only {row.Same} of {row.Parts} parts are equal";
        writer.WriteLine(string.Create(
            culture, $"{row.Kind,-12} {row.Text,-8} {row.Test,-9} {row.Contender,-14} {rate.Median,7:F2} {half,-15} {ratio}{other}"));
    }

    private static string? ProcessorName() => !File.Exists("/proc/cpuinfo") ? null : File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
