using System.Text.Json;

namespace Octavo.Bench.Kernels;

/// <summary>Prints what was timed and keeps it for the JSON document.</summary>
internal sealed class Report
{
    private readonly List<SetLimits> _limits = [];
    private readonly List<Result> _results = [];

    public void Add(Result result)
    {
        Timing.Print(result.Title(), (result.SecondsMedian, result.SecondsBest), result.Bytes, result.Operations);
        _results.Add(result);
    }

    /// <summary>Limits of a set; measured again, the better of each counts: what disturbs the machine must not lower a limit.</summary>
    public void Add(SetLimits limits)
    {
        var at = _limits.FindIndex(other => other.Set == limits.Set);
        if (at < 0)
        {
            _limits.Add(limits);
            return;
        }
        var before = _limits[at];
        _limits[at] = limits with
        {
            ReadGbS = Math.Max(before.ReadGbS, limits.ReadGbS),
            Fp32GflopS = Math.Max(before.Fp32GflopS, limits.Fp32GflopS),
            Int8GopS = Math.Max(before.Int8GopS, limits.Int8GopS),
        };
    }

    public void Write(string path)
    {
        using var file = File.Create(path);
        JsonSerializer.Serialize(file, new RunDocument(DateTime.UtcNow, _limits, _results), RunDocument.Json);
    }
}
