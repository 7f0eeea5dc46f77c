using System.Globalization;

namespace Octavo.Cli.Bench;

/// <summary>A test that both runs have.</summary>
/// <param name="Key">The test.</param>
/// <param name="Before">Median tokens per second of the earlier run.</param>
/// <param name="Now">The same of this run.</param>
/// <param name="Tolerance">The part by which it may be lower now.</param>
internal sealed record ComparedTest(TestKey Key, double Before, double Now, double Tolerance)
{
    public double Ratio => Now / Before;

    public bool Holds => Ratio >= 1 - Tolerance;
}

/// <summary>This run against an earlier one.</summary>
internal sealed record Comparison
{
    /// <summary>Names of what has to be the same for medians to be comparable.</summary>
    public static IReadOnlyList<string> Circumstances { get; } = ["model", "file_bytes", "isa", "exact", "activation_bits", "processor", "processors"];

    /// <summary>The earlier run's file.</summary>
    public required string File { get; init; }

    public required double Tolerance { get; init; }

    /// <summary>Circumstances that differ, in words.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    public required IReadOnlyList<ComparedTest> Tests { get; init; }

    public required IReadOnlyList<TestKey> OnlyBefore { get; init; }

    public required IReadOnlyList<TestKey> OnlyNow { get; init; }

    /// <summary>Whether something was compared and nothing became slower than allowed.</summary>
    public bool Holds => Tests.Count > 0 && Tests.All(test => test.Holds);

    public static Comparison Of(EarlierReport before, BenchReport now, double tolerance)
    {
        var keys = now.Results.Select(result => result.Key).ToList();
        return new Comparison
        {
            File = before.File,
            Tolerance = tolerance,
            Differences = [.. Differ(before.Circumstances, now)],
            Tests = [.. now.Results.Where(result => before.Medians.ContainsKey(result.Key))
                .Select(result => new ComparedTest(result.Key, before.Medians[result.Key], result.Rate.Median, tolerance))],
            OnlyBefore = [.. before.Medians.Keys.Except(keys)],
            OnlyNow = [.. keys.Where(key => !before.Medians.ContainsKey(key))],
        };
    }

    private static IEnumerable<string> Differ(IReadOnlyDictionary<string, string> before, BenchReport now)
    {
        foreach (var name in Circumstances)
        {
            var value = name switch
            {
                "model" => now.Model,
                "file_bytes" => now.FileBytes.ToString(CultureInfo.InvariantCulture),
                "isa" => now.InstructionSet,
                "exact" => now.Exact.ToString(),
                "activation_bits" => now.ActivationBits.ToString(CultureInfo.InvariantCulture),
                "processor" => now.Processor.Name,
                _ => now.Processor.Count.ToString(CultureInfo.InvariantCulture),
            };
            if (value != before[name])
                yield return $"{name} was {before[name]} and is {value} now.";
        }
    }
}
