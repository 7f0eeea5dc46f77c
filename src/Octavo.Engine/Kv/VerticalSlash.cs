namespace Octavo.Engine.Kv;

/// <summary>The attention of a prompt's last rows of one head, summed by column and by distance.</summary>
/// <param name="Vertical">By column: [n].</param>
/// <param name="Slash">By distance between row and column: [n].</param>
internal sealed record VerticalSlashEstimate(float[] Vertical, float[] Slash)
{
    private const int LastRows = 64;

    /// <summary>Softmax over all keys of the last 64 queries.</summary>
    public static VerticalSlashEstimate Of(KvLayer layer, int head)
    {
        var n = layer.Tokens;
        var estimate = new VerticalSlashEstimate(new float[n], new float[n]);
        var weights = new float[n];
        for (var row = n - Math.Min(LastRows, n); row < n; row++)
        {
            layer.Attention(row, head, weights);
            for (var column = 0; column <= row; column++)
            {
                estimate.Vertical[column] += weights[column];
                estimate.Slash[row - column] += weights[column];
            }
        }
        return estimate;
    }

    /// <summary>The best columns and the first ones, ascending.</summary>
    public int[] Columns(int count, int forced) => Best.Of(Forced(Vertical, forced), count);

    /// <summary>The best distances and the nearest ones, ascending.</summary>
    public int[] Distances(int count, int forced) => Best.Of(Forced(Slash, forced), count);

    // of forced ones the first are surest, since there may be more than are taken
    private static float[] Forced(float[] scores, int forced)
    {
        var all = scores.ToArray();
        for (var i = 0; i < Math.Min(forced, all.Length); i++)
            all[i] = float.MaxValue / (i + 1);
        return all;
    }
}

/// <summary>Columns, and for each 64 rows the 64 keys that each diagonal touches.</summary>
/// <param name="columns">Ascending.</param>
/// <param name="distances">Ascending, 0 among them.</param>
/// <param name="released">Extends as the released kernel does.</param>
internal sealed class VerticalSlashPattern(int[] columns, int[] distances, bool released) : KvPattern
{
    private const int Block = MostRows;

    public override void Add(int first, int rows, KeySet keys)
    {
        var end = (first / Block * Block) + Block;
        if (released)
            AddReleased(end, keys);
        else
            AddUnion(end, keys);
    }

    private void AddUnion(int end, KeySet keys)
    {
        var column = 0;
        for (var i = distances.Length - 1; i >= 0; i--)
        {
            if (distances[i] >= end)
                continue;
            var to = Math.Max(end - distances[i], Block);
            // in order of their places, so that nothing has to be sorted
            for (; column < columns.Length && columns[column] < to - Block; column++)
                keys.AddToken(columns[column]);
            keys.AddRange(to - Block, to);
        }
        for (; column < columns.Length && columns[column] < end; column++)
            keys.AddToken(columns[column]);
    }

    /// <summary>A range that overlaps the running one extends it by a whole block, and columns behind the last range are left out.</summary>
    private void AddReleased(int end, KeySet keys)
    {
        var next = distances.Length - 1;
        while (distances[next] >= end)
            next--;
        var to = Math.Max(end - distances[next--], Block);
        var (from, column) = (to - Block, 0);
        while (true)
        {
            if (column < columns.Length && columns[column] < to)
            {
                if (columns[column] < from)
                    keys.AddToken(columns[column]);
                column++;
                continue;
            }
            if (next < 0)
                break;
            var other = Math.Max(end - distances[next--], Block);
            if (other > to + Block)
            {
                keys.AddRange(from, to);
                (from, to) = (other - Block, other);
            }
            else if (other > to)
            {
                to += Block;
            }
        }
        keys.AddRange(from, to);
    }
}
