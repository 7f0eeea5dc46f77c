using Octavo.Core;

namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps everything, and notes while a prompt is read what other methods will ask for: a session with it can be forked to each of them
/// (<see cref="Session.Fork(KvMethod)"/>), so that one reading of a long prompt serves all that compress, pack or choose.
/// </summary>
/// <param name="Noted">What is noted.</param>
public sealed record NotedPrompt(KvNeeds Noted) : KvMethod
{
    /// <inheritdoc/>
    public override string Name => "noted";

    /// <inheritdoc/>
    public override KvNeeds Needs => Noted;

    internal override bool KeepsNotes => true;

    /// <summary>What several methods need, together.</summary>
    /// <exception cref="ConfigException">Two of them need different things of one kind.</exception>
    /// <exception cref="UnsupportedException">One of them reads the prompt in a way of its own.</exception>
    public static NotedPrompt For(IReadOnlyCollection<KvMethod> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        if (methods.FirstOrDefault(method => method.ReadsPromptItself) is { } reading)
            throw new UnsupportedException($"'{reading.Name}' reads the prompt in a way of its own; give it a session of its own.");
        var moments = methods.Select(method => method.Needs.MomentsFrom).Where(from => from is not null).Distinct().ToList();
        if (moments.Count > 1)
            throw new ConfigException($"Two methods need moments of queries from different positions ({moments[0]} and {moments[1]}) on; give them sessions of their own.");
        return new NotedPrompt(new KvNeeds
        {
            Queries = methods.Select(method => method.Needs.Queries).DefaultIfEmpty().Max(),
            ColumnSums = methods.Any(method => method.Needs.ColumnSums),
            MomentsFrom = moments.FirstOrDefault(),
        });
    }

    /// <summary>Whether what was noted is enough for a method.</summary>
    internal static bool Covers(KvNeeds noted, KvNeeds needs) =>
        needs.Queries <= noted.Queries && (!needs.ColumnSums || noted.ColumnSums) && (needs.MomentsFrom is null || needs.MomentsFrom == noted.MomentsFrom) && !needs.WholePrompt;
}
