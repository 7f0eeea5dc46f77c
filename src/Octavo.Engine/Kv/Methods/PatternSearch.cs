namespace Octavo.Engine.Kv;

/// <summary>
/// Reads a prompt as ever and finds, for each head, which of some patterns keeps most of its attention: MInference's offline search (Jiang
/// et al., arXiv 2407.02490, Algorithm 1; its released search by kept attention). The reference looks at all rows from 2,500 on; here
/// <see cref="Rows"/> of them, evenly spread.
/// </summary>
/// <param name="Found">Gets the best pattern of each head with the share of attention that it keeps: [layers][H]. One session at a time may fill it.</param>
public sealed record PatternSearch(IList<IReadOnlyList<HeadPattern>> Found) : KvMethod
{
    /// <summary>The released search's candidates, for prompts of about 30,000 tokens; block_sparse stands for an eighth of the blocks.</summary>
    public static IReadOnlyList<HeadPattern> Released { get; } =
    [
        new(HeadPattern.Streaming, 100, 800), new(HeadPattern.VerticalSlash, 30, 800), new(HeadPattern.VerticalSlash, 100, 750),
        new(HeadPattern.VerticalSlash, 500, 700), new(HeadPattern.VerticalSlash, 3500, 100), new(HeadPattern.BlockSparse, 60, 0),
    ];

    /// <summary>What is tried; of equal ones the first is taken.</summary>
    public IReadOnlyList<HeadPattern> Candidates { get; init; } = Released;

    /// <summary>Rows that are looked at.</summary>
    public int Rows { get; init; } = 256;

    /// <summary>The first row that is looked at: before it everything is near.</summary>
    public int FirstRow { get; init; } = 2500;

    /// <summary>Columns and diagonals that vertical_and_slash always reads.</summary>
    public (int Columns, int Diagonals) Forced { get; init; } = (30, 100);

    /// <inheritdoc/>
    public override string Name => "pattern_search";

    /// <inheritdoc/>
    public override bool Attends => true;

    /// <inheritdoc/>
    public override KvNeeds Needs => new() { WholePrompt = true };

    /// <inheritdoc/>
    public override KvPattern[]? Attend(KvLayer layer)
    {
        var found = new HeadPattern[layer.Heads];
        layer.ForEach(layer.Heads, head => found[head] = Best(layer, head));
        if (layer.Layer == 0)
            Found.Clear();
        Found.Add(found);
        return null;
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Candidates.Count == 0)
            problems.Add("there are no candidates.");
        if (Rows < 1 || FirstRow < 0)
            problems.Add($"rows is {Rows} and the first one {FirstRow}; give at least 1 and 0.");
        new MInference { Patterns = [Candidates], ForcedColumns = Forced.Columns, ForcedDiagonals = Forced.Diagonals }.Validate();
    }

    private HeadPattern Best(KvLayer layer, int head)
    {
        var method = new MInference { ForcedColumns = Forced.Columns, ForcedDiagonals = Forced.Diagonals };
        var patterns = Candidates.Select(candidate => method.Make(layer, head, candidate)).ToList();
        var kept = new double[patterns.Count];
        var weights = new float[layer.Tokens];
        var keys = new KeySet();
        var first = Math.Min(FirstRow, layer.Tokens - 1);
        var step = Math.Max(1, (layer.Tokens - first) / Rows);
        var rows = 0;
        for (var row = layer.Tokens - 1; row >= first; row -= step, rows++)
        {
            layer.Attention(row, head, weights);
            for (var i = 0; i < patterns.Count; i++)
                kept[i] += Kept(patterns[i], row, keys, weights);
        }
        var best = 0;
        for (var i = 1; i < kept.Length; i++)
            best = kept[i] > kept[best] ? i : best;
        return Candidates[best] with { Score = kept[best] / rows };
    }

    private static double Kept(KvPattern pattern, int row, KeySet keys, float[] weights)
    {
        keys.Clear();
        pattern.Add(row, 1, keys);
        keys.Finish(row + 1);
        var kept = 0.0;
        foreach (var range in keys.Ranges)
        {
            var (from, to) = range.SeenBy(row);
            for (var token = from; token < to; token++)
                kept += weights[token];
        }
        foreach (var token in keys.Tokens)
            kept += weights[token];
        return kept;
    }
}
