using System.Globalization;
using System.Text;
using Octavo.Core;
using Octavo.Training.Configuration;
using Octavo.Training.Steps;

namespace Octavo.Training.Recipes;

/// <summary>Looks at each step before it changes anything: a loss that is no number ends the run, one that stands out is told; the batch is kept.</summary>
internal sealed class SpikeGuard(SpikeGuardConfig config, string folder, Func<IReadOnlyList<int>, string> decode, Action<long, string> tell)
{
    private readonly Queue<(double Loss, double Norm)> _seen = new();

    /// <summary>Looks at a step.</summary>
    /// <exception cref="EvaluationException">The loss or the gradient is no number, or stands out and the run is to stop; nothing was changed.</exception>
    public void Check(long step, double loss, double norm, IReadOnlyList<SupervisedRows> batch)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            var file = Keep(step, loss, norm, batch);
            throw new EvaluationException($"step {step}: the loss is {Text(loss)} and the gradient's norm {Text(norm)}, so the run ends; no weight was changed. "
                + $"The batch is in {file}. Lower learning_rate, set clip_grad_norm, or look at the batch.");
        }
        if (_seen.Count >= config.Window / 2 && Reason(loss, norm) is { } reason)
        {
            var file = Keep(step, loss, norm, batch);
            if (config.Action == SpikeAction.Stop)
                throw new EvaluationException($"step {step}: {reason}, and spike_guard.action is stop; no weight was changed. The batch is in {file}.");
            tell(step, $"{reason}. The batch is in {file}.");
        }
        _seen.Enqueue((loss, norm));
        if (_seen.Count > config.Window)
            _seen.Dequeue();
    }

    private string? Reason(double loss, double norm)
    {
        var (usual, usualNorm) = (Median(_seen.Select(seen => seen.Loss)), Median(_seen.Select(seen => seen.Norm)));
        return config.LossRatio is { } most && loss > most * usual ? $"the loss {Text(loss)} is {Text(loss / usual)} times the usual one"
            : config.GradNormRatio is { } high && norm > high * usualNorm ? $"the gradient's norm {Text(norm)} is {Text(norm / usualNorm)} times the usual one"
            : null;
    }

    private string Keep(long step, double loss, double norm, IReadOnlyList<SupervisedRows> batch)
    {
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"batch-{step}.txt"));
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"step {step}, loss {loss}, gradient norm {norm}\n"));
        foreach (var rows in batch)
        {
            var at = 0;
            foreach (var length in rows.Tokens.Lengths)
            {
                int[] ids = [.. rows.Tokens.Ids.Skip(at).Take(length)];
                text.Append(CultureInfo.InvariantCulture, $"\n--- {length} tokens: {string.Join(' ', ids)}\n{decode(ids)}\n");
                at += length;
            }
        }
        try
        {
            File.WriteAllText(path, text.ToString());
        }
        catch (IOException error)
        {
            return $"no file, since {path} cannot be written: {error.Message}";
        }
        return path;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
