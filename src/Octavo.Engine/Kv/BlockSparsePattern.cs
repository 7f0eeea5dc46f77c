namespace Octavo.Engine.Kv;

/// <summary>Blocks of keys that are read, for each block of rows.</summary>
/// <param name="chosen">[row blocks] the chosen key blocks, ascending.</param>
/// <param name="block">Tokens of a block; it divides <see cref="KvPattern.MostRows"/>.</param>
internal sealed class BlockSparsePattern(int[][] chosen, int block) : KvPattern
{
    /// <summary>The blocks up to each block of rows whose mean key fits the mean query best; the last block's mean counts missing tokens as 0.</summary>
    /// <param name="layer">The layer, with all queries of the prompt.</param>
    /// <param name="head">The query head.</param>
    /// <param name="block">Tokens of a block.</param>
    /// <param name="top">Blocks that each block of rows reads.</param>
    public static int[][] Choose(KvLayer layer, int head, int block, int top)
    {
        var blocks = (layer.Tokens + block - 1) / block;
        var queries = Means(layer, block, blocks, token => layer.Query(token, head));
        var keys = Means(layer, block, blocks, token => layer.Key(head / layer.Group, token));
        var chosen = new int[blocks][];
        for (var row = 0; row < blocks; row++)
        {
            var scores = new float[row + 1];
            for (var column = 0; column <= row; column++)
                scores[column] = KvLayer.Dot(queries[row], keys[column]);
            chosen[row] = Best.Of(scores, Math.Max(1, top));
        }
        return chosen;
    }

    public override int Rows(int first) => block - (first % block);

    public override void Add(int first, int rows, KeySet keys)
    {
        foreach (var column in chosen[first / block])
            keys.AddRange(column * block, (column + 1) * block);
    }

    private delegate ReadOnlySpan<float> Vectors(int token);

    private static float[][] Means(KvLayer layer, int block, int blocks, Vectors vectors)
    {
        var means = new float[blocks][];
        for (var i = 0; i < blocks; i++)
        {
            means[i] = new float[layer.HeadDim];
            for (var token = i * block; token < Math.Min(layer.Tokens, (i + 1) * block); token++)
            {
                var vector = vectors(token);
                for (var d = 0; d < vector.Length; d++)
                    means[i][d] += vector[d] / block;
            }
        }
        return means;
    }
}
