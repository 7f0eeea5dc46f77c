using Octavo.Cli.Output;
using Octavo.Core.Tensors;
using Octavo.Engine;

namespace Octavo.Cli.Estimate;

/// <summary>How a model stands to the memory that is free.</summary>
internal enum Fit
{
    /// <summary>It fits with room to spare.</summary>
    Fits,
    /// <summary>It fits, and hardly anything else does.</summary>
    Tight,
    /// <summary>What must stay in memory fits; mapped weights do not and are read from disk again and again.</summary>
    Slow,
    /// <summary>It does not fit.</summary>
    TooLarge,
}

/// <summary>Whether a model fits, and what to do where it does not.</summary>
/// <param name="Fit">The judgement.</param>
/// <param name="Line">The same as a sentence with its figures.</param>
/// <param name="Advice">What would help, each with what it would take; empty where it fits.</param>
internal sealed record Verdict(Fit Fit, string Line, IReadOnlyList<string> Advice)
{
    // of what is free, so that other programs and the estimate's own error have room
    private const double Room = 0.9;
    private const int LeastContext = 512;
    private const int ContextStep = 64;

    private static readonly TensorType[] _smaller = [TensorType.Q8_0, TensorType.Q4_K];

    /// <summary>Judges.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="free">Bytes that are free.</param>
    /// <param name="run">Estimates again with other options.</param>
    public static Verdict Of(MemoryEstimate estimate, long free, Func<Change, MemoryEstimate> run)
    {
        var (total, kept) = (estimate.Total, estimate.Private);
        if (total <= Room * free)
            return new(Fit.Fits, $"Fits: {Rich.Bytes(total)} of {Rich.Bytes(free)} free.", []);
        var fit = total <= free ? Fit.Tight : kept <= Room * free ? Fit.Slow : Fit.TooLarge;
        var line = fit switch
        {
            Fit.Tight => $"Fits barely: {Rich.Bytes(total)} of {Rich.Bytes(free)} free; other programs would be pushed out.",
            Fit.Slow => $"Runs, but slowly: {Rich.Bytes(kept)} must stay in memory, and of {Rich.Bytes(total - kept)} of mapped weights "
                + $"only {Rich.Bytes(Math.Max(0, free - kept))} would; the rest is read from disk for every token.",
            _ => $"Does not fit: {Rich.Bytes(total)} are needed and {Rich.Bytes(free)} are free.",
        };
        return new(fit, line, [.. AdviceFor(estimate, (long)(Room * free), run)]);
    }

    private static IEnumerable<string> AdviceFor(MemoryEstimate estimate, long room, Func<Change, MemoryEstimate> run)
    {
        var found = false;
        foreach (var (text, change) in Changes(estimate, room, run))
        {
            var then = run(change).Total;
            if (then > room)
                continue;
            found = true;
            yield return $"{text}: {Rich.Bytes(then)}";
        }
        if (found)
            yield break;
        var least = run(Least(estimate));
        yield return least.Total <= room
            ? $"all together (--context {least.ContextLength} --kv q8{(estimate.Batch > 1 ? " --batch 1" : "")}, weights converted to Q4_K): {Rich.Bytes(least.Total)}"
            : $"even --context {least.ContextLength} --kv q8 with weights in Q4_K takes {Rich.Bytes(least.Total)}: take a smaller model, or a machine with more memory";
    }

    private static IEnumerable<(string Text, Change Change)> Changes(MemoryEstimate estimate, long room, Func<Change, MemoryEstimate> run)
    {
        if (LongestContext(estimate, room, run) is { } context)
            yield return ($"--context {context}", new Change { Context = context });
        if (estimate.KvType != KvType.Q8)
            yield return ("--kv q8", new Change { Kv = KvType.Q8 });
        for (var batch = estimate.Batch / 2; batch >= 1; batch /= 2)
        {
            if (run(new Change { Batch = batch }).Total > room)
                continue;
            yield return ($"--batch {batch}", new Change { Batch = batch });
            break;
        }
        foreach (var type in _smaller)
            yield return ($"weights converted to {type} (--type {type})", new Change { Type = type });
    }

    private static Change Least(MemoryEstimate estimate) =>
        new() { Context = Math.Min(LeastContext, estimate.ContextLength), Kv = KvType.Q8, Batch = 1, Type = TensorType.Q4_K };

    /// <summary>The longest context of whole pages that fits, or null where none of a useful length does.</summary>
    private static int? LongestContext(MemoryEstimate estimate, long room, Func<Change, MemoryEstimate> run)
    {
        var (low, high) = (LeastContext / ContextStep, estimate.ContextLength / ContextStep);
        if (high <= low || run(new Change { Context = low * ContextStep }).Total > room)
            return null;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (run(new Change { Context = middle * ContextStep }).Total <= room)
                low = middle;
            else
                high = middle;
        }
        return low * ContextStep;
    }
}

/// <summary>What is changed of the options that were asked for; null leaves them.</summary>
internal sealed record Change
{
    public int? Context { get; init; }

    public int? Batch { get; init; }

    public KvType? Kv { get; init; }

    public TensorType? Type { get; init; }
}
