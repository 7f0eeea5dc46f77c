namespace Octavo.Engine.Kv;

/// <summary>
/// A prompt's rows read the first <see cref="Init"/> tokens and the last <see cref="Local"/>, their own included; everything is stored and
/// what follows reads everything. Xiao et al., arXiv 2309.17453, as SCBench's a_shape; its defaults, the paper's with preset=paper.
/// O(n·(init + local)) scores for a prompt of n tokens. A row for which both overlap reads each token once.
/// </summary>
public sealed record AShape : KvMethod
{
    /// <summary>SCBench's Table 9.</summary>
    public static AShape Paper { get; } = new() { Local = 4096 };

    /// <summary>Tokens at the beginning that every row reads.</summary>
    public int Init { get; init; } = 128;

    /// <summary>Tokens before a row that it reads, itself included.</summary>
    public int Local { get; init; } = 3968;

    /// <inheritdoc/>
    public override string Name => "a_shape";

    /// <inheritdoc/>
    public override bool Attends => true;

    /// <inheritdoc/>
    public override KvPattern[] Attend(KvLayer layer) => [new Pattern(Init, Local)];

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Init < 0)
            problems.Add($"init is {Init}; give at least 0.");
        if (Local < 1)
            problems.Add($"local is {Local}; give at least 1.");
    }

    /// <summary>The first tokens and a window.</summary>
    internal sealed class Pattern(int init, int local) : KvPattern
    {
        public override void Add(int first, int rows, KeySet keys)
        {
            // no row's window begins behind the first tokens yet: all is read, in one piece
            if (first + rows <= (long)init + local)
            {
                keys.AddRange(0, first + rows);
                return;
            }
            keys.AddBand(0, Math.Min(init, first + rows - local), beyond: local);
            keys.AddBand(Math.Max(0, first - local + 1), first + rows, within: local);
        }
    }
}
