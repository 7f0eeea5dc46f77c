using System.Globalization;
using Octavo.Core;

namespace Octavo.Bench.Peers;

internal enum TestKind
{
    Prefill,
    Decode,
    FirstToken,
    Memory,
}

/// <summary>One line of the table. Rates are tokens/s, the first token is seconds, memory is bytes. Prefill generates 0 tokens.</summary>
internal sealed record RaceTest(string Name, TestKind Kind, int Prompt, int Depth, int Tokens, int Batch)
{
    private const int BatchOfStreams = 8;
    private static readonly int[] _prompts = [128, 512, 2048, 6000];

    /// <summary>Whether a larger number is the better one.</summary>
    public bool IsRate => Kind is TestKind.Prefill or TestKind.Decode;

    public string Unit => Kind switch { TestKind.FirstToken => "ms", TestKind.Memory => "MB", _ => "tok/s" };

    /// <summary>A number of <see cref="Unit"/>, for the table.</summary>
    public string Show(double value) => Kind switch
    {
        TestKind.FirstToken => (value * 1e3).ToString("F0", CultureInfo.InvariantCulture),
        TestKind.Memory => (value / 1e6).ToString("F0", CultureInfo.InvariantCulture),
        _ => value.ToString(value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture),
    };

    /// <summary>All tests. Deep ones generate fewer tokens: each takes longer, and their prefill takes longest.</summary>
    /// <param name="tokens">Tokens of a decode test at depth 128.</param>
    public static IReadOnlyList<RaceTest> All(int tokens) =>
    [
        .. _prompts.Select(n => new RaceTest($"prefill-{n}", TestKind.Prefill, n, 0, 0, 1)),
        new("decode-128", TestKind.Decode, 0, 128, tokens, 1),
        new("decode-2048", TestKind.Decode, 0, 2048, Math.Max(1, tokens / 2), 1),
        new("decode-6000", TestKind.Decode, 0, 6000, Math.Max(1, tokens / 4), 1),
        new($"batch-{BatchOfStreams}", TestKind.Decode, 0, 128, Math.Max(1, tokens / 2), BatchOfStreams),
        new("first-token", TestKind.FirstToken, 0, 0, 1, 1),
        new("memory", TestKind.Memory, 0, 2048, 16, 1),
    ];

    /// <summary>Tests by name or by the part before the hyphen, in the table's order.</summary>
    /// <exception cref="ConfigException">A name is none of them.</exception>
    public static IReadOnlyList<RaceTest> Select(IReadOnlyList<string> names, int tokens)
    {
        var all = All(tokens);
        var unknown = names.FirstOrDefault(name => !all.Any(test => test.Answers(name)));
        return unknown is null
            ? [.. all.Where(test => names.Count == 0 || names.Any(test.Answers))]
            : throw new ConfigException($"There is no test '{unknown}'; there are {string.Join(", ", all.Select(test => test.Name))}, "
                + "and the part before the hyphen means all of a kind.");
    }

    private bool Answers(string name) => Name == name || Name.StartsWith(name + "-", StringComparison.Ordinal);
}
