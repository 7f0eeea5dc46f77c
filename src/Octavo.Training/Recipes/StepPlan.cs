using Octavo.Core;

namespace Octavo.Training.Recipes;

/// <summary>
/// Which micro-batches make which optimizer step. A step never spans two epochs, so the last one of an epoch may have fewer micro-batches, as
/// in the reference.
/// </summary>
internal sealed class StepPlan
{
    private readonly List<(long FirstStep, int Batches)> _epochs = [];
    private readonly int _accumulation;

    /// <param name="accumulation">Micro-batches of a step.</param>
    /// <param name="epochs">Epochs of the run, where no number of steps is given.</param>
    /// <param name="maxSteps">Steps of the run; null for whole epochs.</param>
    /// <param name="batchesOf">Micro-batches of an epoch.</param>
    public StepPlan(int accumulation, int epochs, long? maxSteps, Func<int, int> batchesOf)
    {
        _accumulation = accumulation;
        var steps = 0L;
        for (var epoch = 0; maxSteps is { } most ? steps < most : epoch < epochs; epoch++)
        {
            var batches = batchesOf(epoch);
            if (batches < 1)
                throw new ConfigException("an epoch has no batch; there is nothing to learn from.");
            _epochs.Add((steps, batches));
            steps += (batches + accumulation - 1) / accumulation;
        }
        Total = maxSteps ?? steps;
    }

    /// <summary>Steps of the run.</summary>
    public long Total { get; }

    /// <summary>Epochs that are begun.</summary>
    public int Epochs => _epochs.Count;

    /// <summary>The epoch of a step.</summary>
    public int EpochOf(long step) => _epochs.FindLastIndex(epoch => epoch.FirstStep <= step);

    /// <summary>Micro-batches of a step.</summary>
    public int MicroBatches(long step)
    {
        var (first, batches) = _epochs[EpochOf(step)];
        return (int)Math.Min(_accumulation, batches - ((step - first) * _accumulation));
    }

    /// <summary>Whether a step is the last of its epoch.</summary>
    public bool EndsEpoch(long step) => step + 1 == Total || EpochOf(step + 1) > EpochOf(step);

    /// <summary>How many epochs are done after so many steps, with the share of the one under way.</summary>
    public double Progress(long done)
    {
        var epoch = EpochOf(Math.Max(0, done - 1));
        var (first, batches) = _epochs[epoch];
        var steps = (batches + _accumulation - 1) / _accumulation;
        return epoch + ((double)(done - first) / steps);
    }
}
