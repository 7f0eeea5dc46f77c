using Octavo.Core;
using Octavo.Evaluation;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>
/// A task whose contexts are made from a seed. Its size is counted in units of its own (pairs, strings, sentences, examples) and
/// may be any number from <see cref="MinSize"/> on; <see cref="ContextGenerator"/> finds the size that fills a length. The released
/// code has no generators.
/// </summary>
internal abstract record SyntheticTask
{
    /// <summary>Its name, by which <see cref="TaskRules"/> knows how it is asked and scored.</summary>
    public abstract string Name { get; }

    /// <summary>What a larger context has more of, for messages.</summary>
    public abstract string Unit { get; }

    /// <summary>The smallest size that can hold the answers to so many questions.</summary>
    public abstract int MinSize(int turns);

    /// <summary>The score that is to be expected of guessing, 0 to 1: one of the things that the context or the options offer.</summary>
    public abstract double Chance(SharedContext context);

    /// <summary>Says what is wrong with a row, or null: every question must have exactly one right answer, and it must be the gold
    /// one.</summary>
    public abstract string? Problem(SharedContext context);

    /// <summary>Makes a row from draws.</summary>
    protected abstract SharedContext Draw(SeededRandom random, int id, int size, int turns);

    /// <summary>Makes one row; equal arguments give equal rows on every machine.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="id">The row's number.</param>
    /// <param name="attempt">Tells apart rows that differ in nothing else.</param>
    /// <param name="size">How many units, at least <see cref="MinSize"/>.</param>
    /// <param name="turns">How many questions, at least 1.</param>
    public SharedContext Make(ulong seed, int id, int attempt, int size, int turns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(turns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinSize(turns));
        return Draw(new SeededRandom(TextHash.Of($"{Name}/{seed}/{id}/{attempt}")), id, size, turns);
    }
}
