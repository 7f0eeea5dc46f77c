using System.Text.Json;
using Octavo.Bench.Kernels;
using Octavo.Core;

namespace Octavo.Tools.Roofline;

/// <summary>Reads the documents and chooses the kernels that the picture shows.</summary>
internal static class RunReader
{
    public const int Positions = 2048;

    /// <summary>Query heads of one key-value head, and their width.</summary>
    public const string Heads = "4x128";

    private static readonly string[] _weights = ["Q4_1", "Q8_0", "Q4_K", "Q6_K"];
    private static readonly int[] _tokens = [1, 8, 64];
    private static readonly string[] _keyValues = ["F16", "Q8"];

    /// <summary>A roof for each set, in the order of the files.</summary>
    public static IReadOnlyList<Roof> Read(IReadOnlyList<string> paths)
    {
        var documents = paths.Select(Parse).ToList();
        var limits = documents.SelectMany(document => document.Limits).ToLookup(limit => limit.Set);
        var results = documents.SelectMany(document => document.Results).ToLookup(result => result.Set);
        return [.. limits.Select(set => new Roof(Best([.. set]), Kernels(set.Key, [.. results[set.Key]])))];
    }

    private static RunDocument Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<RunDocument>(file, RunDocument.Json) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InputFileException($"{path} is no document of bench/Kernels: {error.Message} Write it with: bench/Kernels SET all 2048 --json FILE", error);
        }
    }

    private static SetLimits Best(IReadOnlyList<SetLimits> limits) => limits[0] with
    {
        ReadGbS = limits.Max(limit => limit.ReadGbS),
        Fp32GflopS = limits.Max(limit => limit.Fp32GflopS),
        Int8GopS = limits.Max(limit => limit.Int8GopS),
    };

    private static List<Kernel> Kernels(string set, IReadOnlyList<Result> results)
    {
        var kernels = new List<Kernel>();
        foreach (var result in results)
        {
            var (intensity, gops) = (result.Operations / result.Bytes, result.Operations / result.SecondsBest / 1e9);
            if (result.Name == Result.Packed && _weights.Contains(result.Type) && _tokens.Contains(result.Tokens))
            {
                kernels.Add(new Kernel(
                    $"{result.Type}, {result.Bits}-bit activations, {result.Tokens} token{(result.Tokens == 1 ? "" : "s")}",
                    $"{result.Type}/{result.Bits}", result.Type!, result.Bits, result.Tokens, intensity, gops));
            }
            else if (result.Part == Result.Attend && result.Name.EndsWith(Heads, StringComparison.Ordinal) && result.Tokens == Positions
                && _keyValues.Contains(result.Type))
            {
                var kernel = result.Name.Split(' ')[0];
                kernels.Add(new Kernel($"attention, {kernel}, {result.Type}", $"{kernel} {result.Type}", kernel, null, 0, intensity, gops));
            }
        }
        var expected = (_weights.Length * _tokens.Length * 2) + (2 * _keyValues.Length);
        if (kernels.Count != expected)
            throw new InputFileException($"The runs hold {kernels.Count} of the {expected} kernels of '{set}' that the picture shows, each once; run bench/Kernels {set} all 2048.");
        return kernels;
    }
}
