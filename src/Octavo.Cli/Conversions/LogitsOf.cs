using Octavo.Engine;

namespace Octavo.Cli.Conversions;

/// <summary>The logits of a text, row by row, computed in fp32: what is compared is the weights alone.</summary>
internal sealed class LogitsOf
{
    private const int Rows = 32;

    private readonly List<float[]> _rows = [];
    private readonly int[] _ids;

    private LogitsOf(int[] ids) => _ids = ids;

    /// <summary>Runs a model over tokens.</summary>
    public static LogitsOf Run(string path, int[] ids, EngineOptions options, Action<int> done, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Load(path, options);
        using var session = model.NewSession();
        var result = new LogitsOf(ids);
        for (var at = 0; at < ids.Length; at += Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Rows, ids.Length - at);
            var logits = session.ForwardAll(ids.AsSpan(at, count));
            var width = logits.Length / count;
            for (var i = 0; i < count; i++)
                result._rows.Add(logits.AsSpan(i * width, width).ToArray());
            done(at + count);
        }
        return result;
    }

    /// <summary>Compares with another model on the same tokens.</summary>
    public Agreement With(LogitsOf other)
    {
        double largest = 0, divergence = 0;
        var same = 0;
        for (var row = 0; row < _rows.Count; row++)
        {
            var (here, there) = (_rows[row], other._rows[row]);
            for (var i = 0; i < here.Length; i++)
                largest = Math.Max(largest, Math.Abs((double)here[i] - there[i]));
            same += Best(here) == Best(there) ? 1 : 0;
            divergence += Divergence(here, there);
        }
        return new Agreement(_ids.Length, largest, (double)same / _rows.Count, divergence / _rows.Count, Nll(), other.Nll());
    }

    private double Nll()
    {
        var nll = 0.0;
        for (var row = 0; row + 1 < _ids.Length; row++)
            nll += Logits.LogSum(_rows[row]) - _rows[row][_ids[row + 1]];
        return nll / Math.Max(1, _ids.Length - 1);
    }

    private static int Best(float[] row) => Array.IndexOf(row, row.Max());

    private static double Divergence(float[] here, float[] there)
    {
        var (sumHere, sumThere) = (Logits.LogSum(here), Logits.LogSum(there));
        var total = 0.0;
        for (var i = 0; i < here.Length; i++)
        {
            var log = here[i] - sumHere;
            total += Math.Exp(log) * (log - (there[i] - sumThere));
        }
        return Math.Max(0, total);
    }
}
