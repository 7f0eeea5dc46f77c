using Octavo.Core;
using Octavo.Engine;
using Octavo.Models.Adapters;

namespace Octavo.Cli.Conversions;

/// <summary>The logits of a text, row by row, computed in fp32: what is compared is the weights alone.</summary>
internal sealed class LogitsOf
{
    private const int Rows = 32;

    private readonly List<float[]> _rows = [];
    private readonly string _path;
    private readonly int[] _ids;

    private LogitsOf(string path, int[] ids) => (_path, _ids) = (path, ids);

    /// <summary>Runs a model over tokens and keeps its logits.</summary>
    /// <param name="path">The model.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="done">Told how many tokens are done.</param>
    /// <param name="cancellationToken">Looked at between blocks.</param>
    /// <param name="adapter">What it is run with; null for the model alone.</param>
    public static LogitsOf Run(
        string path, int[] ids, EngineOptions options, Action<int> done, CancellationToken cancellationToken, Adapter? adapter = null)
    {
        var result = new LogitsOf(path, ids);
        Each(path, adapter, ids, options, (row, logits) => result._rows.Add(logits.ToArray()), done, cancellationToken);
        return result;
    }

    /// <summary>Runs another model over the same tokens and compares, row by row.</summary>
    /// <exception cref="EvaluationException">A logit of one of them is no number.</exception>
    public Agreement With(string path, EngineOptions options, Action<int> done, CancellationToken cancellationToken)
    {
        double largest = 0, divergence = 0, before = 0, after = 0, scale = 0;
        var same = 0;
        Each(path, null, _ids, options, (row, there) =>
        {
            var here = _rows[row];
            var (sumHere, sumThere) = (Logits.LogSum(here), Logits.LogSum(there));
            if (!double.IsFinite(sumHere) || !double.IsFinite(sumThere))
                throw new EvaluationException($"{(double.IsFinite(sumHere) ? path : _path)}: a logit is no number, so the models cannot be compared. The weights hold numbers that are none or too large; nothing was kept.");
            for (var i = 0; i < here.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs((double)here[i] - there[i]));
                scale = Math.Max(scale, Math.Abs(here[i]));
            }
            same += Best(here) == Best(there) ? 1 : 0;
            divergence += Divergence(here, there, sumHere, sumThere);
            if (row + 1 < _ids.Length)
                (before, after) = (before + sumHere - here[_ids[row + 1]], after + sumThere - there[_ids[row + 1]]);
        }, done, cancellationToken);
        var predicted = Math.Max(1, _ids.Length - 1);
        return new Agreement(_ids.Length, largest, (double)same / _ids.Length, divergence / _ids.Length, before / predicted, after / predicted, scale);
    }

    private delegate void OnRow(int row, ReadOnlySpan<float> logits);

    private static void Each(
        string path, Adapter? adapter, int[] ids, EngineOptions options, OnRow each, Action<int> done, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Load(path, options);
        if (adapter is not null)
            model.AddAdapter(adapter, nameof(adapter));
        using var session = model.NewSession(adapter is null ? null : nameof(adapter));
        for (var at = 0; at < ids.Length; at += Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Rows, ids.Length - at);
            var logits = session.ForwardAll(ids.AsSpan(at, count));
            var width = logits.Length / count;
            for (var i = 0; i < count; i++)
                each(at + i, logits.AsSpan(i * width, width));
            done(at + count);
        }
    }

    private static int Best(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
            best = row[i] > row[best] ? i : best;
        return best;
    }

    private static double Divergence(ReadOnlySpan<float> here, ReadOnlySpan<float> there, double sumHere, double sumThere)
    {
        var total = 0.0;
        for (var i = 0; i < here.Length; i++)
        {
            var log = here[i] - sumHere;
            total += Math.Exp(log) * (log - (there[i] - sumThere));
        }
        return Math.Max(0, total);
    }
}
