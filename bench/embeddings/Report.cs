using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Octavo.Bench.Embeddings;

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
    public required string InstructionSet { get; init; }
    public required int Sentences { get; init; }
    public required int Tokens { get; init; }
    public required int Batch { get; init; }
    public required double LeastCosine { get; init; }
    public required double LeastCosineWithGolden { get; init; }
    public required Row[] Rows { get; init; }

    /// <summary>Writes all of it as JSON.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, _json) + "\n");

    public void Print(TextWriter writer)
    {
        writer.WriteLine($"{"who",-13} threads {"sentences/s",21} {"Octavo is times faster",24} {"by processor time",24} {"ratio",18}");
        foreach (var row in Rows)
        {
            writer.WriteLine($"{row.Contender,-13} {row.Threads,7} {Text(row.Rates, "F1"),21} {Text(row.Ratios, "F2"),24} "
                + $"{Text(row.RatesByProcessorTime, "F1"),24} {Text(row.RatiosByProcessorTime, "F2"),18}");
        }
    }

    private static string Text(double[] numbers, string format)
    {
        if (numbers.Length == 0)
            return "";
        var (spread, culture) = (Spread.Of(numbers), CultureInfo.InvariantCulture);
        return $"{spread.Median.ToString(format, culture)} ({spread.Low.ToString(format, culture)}-{spread.High.ToString(format, culture)})";
    }

    private static string? ProcessorName() => !File.Exists("/proc/cpuinfo") ? null : File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
