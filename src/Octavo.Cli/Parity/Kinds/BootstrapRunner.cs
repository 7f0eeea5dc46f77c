using System.Globalization;
using System.Text.Json;
using Octavo.Evaluation.Metrics;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Quantiles and percentile bootstraps of means, medians, shares and paired differences, with the golden's own generator. Permutation tests are not used here.</summary>
internal sealed class BootstrapRunner : GoldenRunner
{
    public override string Kind => "text.bootstrap";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var tolerance = golden.Option("atol").GetDouble();
        CaseCheck[] checks = [new("interval"), new("quantile")];
        foreach (var entry in golden.Cases(context))
        {
            var name = entry.GetProperty("statistic").GetString()!;
            if (name == "quantiles")
                Quantiles(checks[1], entry, tolerance);
            else if (name != "sign-permutation")
                Intervals(checks[0], name, entry, tolerance);
        }
        return CaseCheck.Outcomes(checks);
    }

    private static void Intervals(CaseCheck check, string name, JsonElement entry, double tolerance)
    {
        double[] data = name == "paired-mean-difference"
            ? [.. Numbers(entry, "x").Zip(Numbers(entry, "y"), (x, y) => y - x)]
            : Numbers(entry, "data");
        var random = new SplitMix(entry.GetProperty("seed").GetUInt64());
        Func<double> resampled = name == "median" ? () => Median(data, random.Below) : () => Bootstrap.Mean(data, random.Below);
        var interval = Bootstrap.Percentile(resampled, entry.GetProperty("resamples").GetInt32());
        var expected = Numbers(entry, "percentile_ci");
        check.AddNumber($"{name} low", interval.Low, expected[0], tolerance);
        check.AddNumber($"{name} high", interval.High, expected[1], tolerance);
    }

    private static void Quantiles(CaseCheck check, JsonElement entry, double tolerance)
    {
        var sorted = Numbers(entry, "data").Order().ToList();
        foreach (var quantile in entry.GetProperty("quantiles").EnumerateObject())
        {
            var share = double.Parse(quantile.Name, CultureInfo.InvariantCulture);
            check.AddNumber(quantile.Name, Bootstrap.Quantile(sorted, share), quantile.Value.GetDouble(), tolerance);
        }
    }

    private static double Median(double[] data, Func<int, int> draw)
    {
        var drawn = data.Select(_ => data[draw(data.Length)]).Order().ToList();
        return Bootstrap.Quantile(drawn, 0.5);
    }

    private static double[] Numbers(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private sealed class SplitMix(ulong state)
    {
        public int Below(int bound)
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (int)((z >> 11) * (1.0 / (1UL << 53)) * bound);
        }
    }
}
