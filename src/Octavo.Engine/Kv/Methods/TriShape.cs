namespace Octavo.Engine.Kv;

/// <summary>
/// <see cref="AShape"/>, but for the prompt's last <see cref="Last"/> rows, which read everything: instruction and question see the whole
/// context. SCBench, arXiv 2412.10319, §3 (tri_shape); its code's defaults, Table 9's with preset=paper (the paper's appendix says 64 rows).
/// </summary>
public sealed record TriShape : KvMethod
{
    /// <summary>SCBench's Table 9.</summary>
    public static TriShape Paper { get; } = new() { Local = 4096, Last = 128 };

    /// <summary>Tokens at the beginning that every row reads.</summary>
    public int Init { get; init; } = 128;

    /// <summary>Tokens before a row that it reads, itself included.</summary>
    public int Local { get; init; } = 3968;

    /// <summary>Rows at the end that read everything; at most all but one.</summary>
    public int Last { get; init; } = 100;

    /// <inheritdoc/>
    public override string Name => "tri_shape";

    /// <inheritdoc/>
    public override bool Attends => true;

    /// <inheritdoc/>
    public override KvPattern[] Attend(KvLayer layer) =>
        [new Pattern(new AShape.Pattern(Init, Local), layer.PromptTokens - Math.Min(Last, layer.PromptTokens - 1))];

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Init < 0)
            problems.Add($"init is {Init}; give at least 0.");
        if (Local < 1)
            problems.Add($"local is {Local}; give at least 1.");
        if (Last < 0)
            problems.Add($"last is {Last}; give at least 0.");
    }

    /// <param name="above">What the rows before read.</param>
    /// <param name="dense">The first row that reads everything.</param>
    private sealed class Pattern(KvPattern above, int dense) : KvPattern
    {
        public override int Rows(int first) => first < dense ? Math.Min(base.Rows(first), dense - first) : base.Rows(first);

        public override void Add(int first, int rows, KeySet keys)
        {
            if (first < dense)
                above.Add(first, rows, keys);
            else
                keys.AddRange(0, first + rows);
        }
    }
}
