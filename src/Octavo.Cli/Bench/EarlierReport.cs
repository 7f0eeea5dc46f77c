using System.Text.Json;
using Octavo.Core;

namespace Octavo.Cli.Bench;

/// <summary>What of an earlier run's JSON a comparison needs.</summary>
internal sealed record EarlierReport
{
    private const string Advice = "Give a file that `octavo bench --out` wrote.";

    /// <summary>The path as it was given.</summary>
    public required string File { get; init; }

    /// <summary>What has to be the same for medians to be comparable, by the document's names.</summary>
    public required IReadOnlyDictionary<string, string> Circumstances { get; init; }

    /// <summary>Median tokens per second of each test.</summary>
    public required IReadOnlyDictionary<TestKey, double> Medians { get; init; }

    /// <exception cref="InputFileException">The file cannot be read, or is no such document.</exception>
    public static EarlierReport Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadText(path));
            var root = document.RootElement;
            return new EarlierReport
            {
                File = path,
                Circumstances = Comparison.Circumstances.ToDictionary(name => name, name => Member(root, name).ToString()),
                Medians = ReadMedians(path, Member(root, "results")),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // each accessor of a JSON element has an exception of its own for what is missing or of another kind
            throw new InputFileException($"{path}: not the JSON of a benchmark: {error.Message} {Advice}", error);
        }
    }

    private static Dictionary<TestKey, double> ReadMedians(string path, JsonElement results)
    {
        Dictionary<TestKey, double> medians = [];
        foreach (var result in results.EnumerateArray())
        {
            var key = new TestKey(
                Member(result, "kind").GetString() ?? "", Member(result, "tokens").GetInt32(), Member(result, "depth").GetInt32(),
                Member(result, "batch").GetInt32(), Member(result, "threads").GetInt32(), Member(result, "kv").GetString() ?? "");
            var median = Member(Member(result, "tokens_per_second"), "median").GetDouble();
            if (median <= 0 || !double.IsFinite(median))
                throw new InputFileException($"{path}: {key.Label} has a median of {median} tokens/s; it must be above 0. {Advice}");
            if (!medians.TryAdd(key, median))
                throw new InputFileException($"{path}: {key.Label} with {key.Threads} threads is in it twice. {Advice}");
        }
        return medians;
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value : throw new KeyNotFoundException($"there is no '{name}'.");
}
