using System.Text.Json;

namespace Octavo.Bench.Peers;

/// <summary>The JSON that <c>octavo bench</c> prints; the program around LLamaSharp prints the same names.</summary>
internal static class BenchDocument
{
    /// <summary>The median rate of the one result that the test asked for.</summary>
    public static Measurement Rate(ChildRun run, RaceTest test)
    {
        using var json = Parse(run.Output);
        if (json is null || !json.RootElement.TryGetProperty("results", out var results))
            return new(null, $"it printed no results. It said: {run.Said}");
        var kind = test.Kind == TestKind.Prefill ? "prefill" : "decode";
        foreach (var result in results.EnumerateArray().Where(result => result.GetProperty("kind").GetString() == kind))
            return new(result.GetProperty("tokens_per_second").GetProperty("median").GetDouble());
        return new(null, $"it printed no result of kind {kind}");
    }

    /// <summary>A text at the top of the document; null where it is absent.</summary>
    public static string? Text(string output, string name)
    {
        using var json = Parse(output);
        return json is not null && json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }

    private static JsonDocument? Parse(string output)
    {
        try
        {
            return JsonDocument.Parse(output);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
