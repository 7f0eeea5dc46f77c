using Octavo.Core;

namespace Octavo.Engine.Kv;

/// <summary>
/// A policy for the keys and values of a long context. It holds options and no state, overrides the one moment that it is about, and may
/// be used by many sessions at once. The default keeps everything.
/// </summary>
public abstract record KvMethod
{
    /// <summary>What command lines and reports call it.</summary>
    public abstract string Name { get; }

    /// <summary>What has to be noted while the prompt is read.</summary>
    public virtual KvNeeds Needs => default;

    /// <summary>
    /// Whether every query head keeps tokens of its own: keys and values are then stored once per query head, and grouped heads save nothing.
    /// </summary>
    public virtual bool StoresQueryHeads => false;

    /// <summary>After how many more tokens <see cref="Compress"/> is asked again; null for never.</summary>
    public virtual int? Interval => null;

    /// <summary>
    /// After the prompt, and again after each <see cref="Interval"/>: which tokens each head keeps. The first token that is generated has seen all of them.
    /// </summary>
    /// <param name="layer">One layer, with keys, values and what was noted.</param>
    /// <returns>
    /// For each stored head the indices of its tokens, ascending, at least one; as many lists as <see cref="KvLayer.KvHeads"/>, or as
    /// <see cref="KvLayer.Heads"/> where query heads keep different tokens. Null keeps everything.
    /// </returns>
    public virtual int[][]? Compress(KvLayer layer) => null;

    /// <summary>Adds a sentence for each option that is wrong.</summary>
    protected virtual void AddProblems(ICollection<string> problems)
    {
    }

    /// <summary>Checks all options and tells every problem at once.</summary>
    /// <exception cref="ConfigException">One line per problem.</exception>
    public void Validate()
    {
        List<string> problems = [];
        AddProblems(problems);
        if (problems.Count > 0)
            throw new ConfigException(string.Join('\n', problems.Select(problem => $"{Name}: {problem}")));
    }
}
