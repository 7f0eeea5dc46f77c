using System.Globalization;
using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>
/// The document for machines: names and units are kept from version to version (docs/bench.md lists them), so that runs can be compared.
/// </summary>
internal static class BenchJson
{
    /// <param name="json">Where to.</param>
    /// <param name="report">The run.</param>
    /// <param name="comparison">Adds what an earlier run says about it.</param>
    public static void Write(Utf8JsonWriter json, BenchReport report, Comparison? comparison)
    {
        json.WriteString("version", report.Version);
        json.WriteString("commit", report.Commit);
        json.WriteString("date", report.Date.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("model", report.Model);
        json.WriteNumber("file_bytes", report.FileBytes);
        json.WriteString("isa", report.InstructionSet);
        json.WriteBoolean("exact", report.Exact);
        json.WriteNumber("threads", report.Threads);
        json.WriteString("kv", report.Kv);
        json.WriteNumber("activation_bits", report.ActivationBits);
        json.WriteString("processor", report.Processor.Name);
        json.WriteNumber("processors", report.Processor.Count);
        WriteNumber(json, "load_average_start", report.Load.Start);
        WriteNumber(json, "load_average_end", report.Load.End);
        WriteLimits(json, report);
        WriteNumber(json, "load_seconds", report.LoadSeconds);
        json.WriteNumber("peak_resident_bytes", report.PeakResidentBytes);
        json.WriteStartArray("results");
        foreach (var result in report.Results)
            WriteResult(json, report, result);
        json.WriteEndArray();
        if (comparison is not null)
            WriteComparison(json, comparison);
    }

    private static void WriteLimits(Utf8JsonWriter json, BenchReport report)
    {
        if (report.Limits.Count == 0)
        {
            json.WriteNull("limits");
            return;
        }
        json.WriteStartObject("limits");
        WriteLimit(json, report.Limits[0]);
        WriteNumber(json, "ping_pong_us", report.PingPongSeconds * 1e6);
        json.WriteStartArray("by_threads");
        foreach (var limits in report.Limits)
        {
            json.WriteStartObject();
            json.WriteNumber("threads", limits.Threads);
            WriteLimit(json, limits);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter json, MachineLimits limits)
    {
        WriteNumber(json, "read_gb_s", limits.ReadBytes / 1e9);
        WriteNumber(json, "fp32_gflop_s", limits.FloatOperations / 1e9);
        WriteNumber(json, "int8_gop_s", limits.IntegerOperations / 1e9);
        json.WriteString("int8_form", limits.IntegerForm);
    }

    private static void WriteResult(Utf8JsonWriter json, BenchReport report, TestResult result)
    {
        var limits = report.LimitsOf(result);
        json.WriteStartObject();
        WriteKey(json, result.Key);
        WriteStatistic(json, "tokens_per_second", result.Rate);
        WriteStatistic(json, "seconds", result.Seconds);
        WriteNumber(json, "bandwidth_gb_s", result.Bandwidth / 1e9);
        WriteNumber(json, "bandwidth_share", result.BandwidthShare(limits));
        WriteNumber(json, "gop_s", result.Compute / 1e9);
        WriteNumber(json, "gop_share", result.ComputeShare(limits));
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, TestKey key)
    {
        json.WriteString("kind", key.Kind);
        json.WriteNumber("tokens", key.Tokens);
        json.WriteNumber("depth", key.Depth);
        json.WriteNumber("batch", key.Batch);
        json.WriteNumber("threads", key.Threads);
        json.WriteString("kv", key.Kv);
    }

    private static void WriteComparison(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject("comparison");
        json.WriteString("file", comparison.File);
        WriteNumber(json, "tolerance", comparison.Tolerance);
        json.WriteBoolean("holds", comparison.Holds);
        json.WriteTexts("differences", comparison.Differences);
        json.WriteStartArray("tests");
        foreach (var test in comparison.Tests)
        {
            json.WriteStartObject();
            WriteKey(json, test.Key);
            WriteNumber(json, "before", test.Before);
            WriteNumber(json, "now", test.Now);
            WriteNumber(json, "ratio", test.Ratio);
            json.WriteBoolean("holds", test.Holds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteKeys(json, "only_before", comparison.OnlyBefore);
        WriteKeys(json, "only_now", comparison.OnlyNow);
        json.WriteEndObject();
    }

    private static void WriteKeys(Utf8JsonWriter json, string name, IReadOnlyList<TestKey> keys)
    {
        json.WriteStartArray(name);
        foreach (var key in keys)
        {
            json.WriteStartObject();
            WriteKey(json, key);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteStatistic(Utf8JsonWriter json, string name, Statistic statistic)
    {
        json.WriteStartObject(name);
        WriteNumber(json, "median", statistic.Median);
        WriteNumber(json, "min", statistic.Min);
        WriteNumber(json, "max", statistic.Max);
        json.WriteNumber("n", statistic.Count);
        json.WriteEndObject();
    }

    // six digits are more than any clock here can tell apart
    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known && double.IsFinite(known))
            json.WriteNumber(name, double.Parse(known.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        else
            json.WriteNull(name);
    }
}
