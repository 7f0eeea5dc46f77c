namespace Octavo.Engine.Kv;

/// <summary>What the rows of a prompt read of one layer's keys, told for at most <see cref="MostRows"/> rows at a time. Used by several threads at once.</summary>
public abstract class KvPattern
{
    /// <summary>The most rows that are told together: a block of them begins at a multiple of it.</summary>
    public const int MostRows = 64;

    /// <summary>How many rows from one on are told together.</summary>
    /// <param name="first">The position of the first.</param>
    public virtual int Rows(int first) => MostRows - (first % MostRows);

    /// <summary>Adds what rows read. Every row has to read something.</summary>
    /// <param name="first">The position of the first row.</param>
    /// <param name="rows">How many rows, at most what <see cref="Rows"/> says.</param>
    /// <param name="keys">Empty; indices are positions.</param>
    public abstract void Add(int first, int rows, KeySet keys);
}
