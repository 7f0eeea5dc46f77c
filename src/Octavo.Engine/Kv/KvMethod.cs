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

    /// <summary>Whether a prompt is read in a way of its own (<see cref="Attend"/>): its keys and values are then not those that others have.</summary>
    public virtual bool Attends => false;

    /// <summary>Before the prompt's attention in a layer: what its rows read.</summary>
    /// <param name="layer">One layer; its keys and queries are there where <see cref="KvNeeds.WholePrompt"/> asks for them.</param>
    /// <returns>One pattern for all heads, or one for each query head. Null reads everything.</returns>
    public virtual KvPattern[]? Attend(KvLayer layer) => null;

    /// <summary>How a prompt is put together from chunks that were read alone; null where it is not.</summary>
    public virtual KvBlend? Blend => null;

    /// <summary>
    /// Whether what every head keeps of the prompt moves together: it gets the positions from 0 on, keys are turned accordingly, and later
    /// tokens go on behind it. All heads have to keep as many.
    /// </summary>
    public virtual bool Renumbers => false;

    /// <summary>How what was kept of the prompt is packed; null leaves it.</summary>
    public virtual KvPacking? Packing => null;

    /// <summary>Once the prompt was read, for each stored head: what chooses the tokens that are read. Null reads everything that is stored.</summary>
    public virtual KvSelector? NewSelector() => null;

    /// <summary>
    /// After the prompt, and again after each <see cref="Interval"/>: which tokens each head keeps. The first token that is generated has seen all of them.
    /// </summary>
    /// <param name="layer">One layer, with keys, values and what was noted.</param>
    /// <returns>
    /// For each stored head the indices of its tokens, ascending, at least one; as many lists as <see cref="KvLayer.KvHeads"/>, or as
    /// <see cref="KvLayer.Heads"/> where query heads keep different tokens. Null keeps everything.
    /// </returns>
    public virtual int[][]? Compress(KvLayer layer) => null;

    /// <summary>Whether a prompt has to be read for it alone, so that it cannot be given one that was read before.</summary>
    public bool ReadsPromptItself => Attends || Needs.WholePrompt || Blend is not null;

    /// <summary>Whether what was noted of the prompt is kept for forks with other methods.</summary>
    internal virtual bool KeepsNotes => false;

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
