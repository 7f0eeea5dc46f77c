using Octavo.Core;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Mixtures;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data;

/// <summary>
/// The examples of a run, epoch after epoch, read and encoded one at a time. The same seeds give the same examples, and a saved
/// <see cref="Position"/> gives what would have followed, bit for bit. One thread at a time.
/// </summary>
internal sealed class ExampleStream : IDisposable
{
    private readonly Mixture _mixture;
    private readonly ExampleEncoder _encoder;
    private readonly string _fingerprint;
    private int[] _order;

    // tokens of each row of the pool, 0 where it becomes no example; null before the scan
    private int[]? _lengths;
    private int _epoch;
    private int _index;

    /// <summary>Begins a stream.</summary>
    /// <param name="mixture">The rows; the stream closes it.</param>
    /// <param name="encoder">Makes examples of them.</param>
    /// <param name="epochs">How often the epoch's rows are gone through, at least once.</param>
    public ExampleStream(Mixture mixture, ExampleEncoder encoder, int epochs)
    {
        if (epochs < 1)
            throw new ConfigException($"there are {epochs} epochs; at least 1 is needed.");
        (_mixture, _encoder, Epochs) = (mixture, encoder, epochs);
        _fingerprint = $"{mixture.Fingerprint} {encoder.Fingerprint}";
        _order = mixture.Order(0);
    }

    /// <summary>How many epochs there are.</summary>
    public int Epochs { get; }

    /// <summary>
    /// Examples of the first epoch: exact after <see cref="Scan"/>; before it, rows, of which some may be left out. Files with
    /// weights may give another number in each epoch.
    /// </summary>
    public int ExamplesPerEpoch => _lengths is null ? _mixture.EpochSize : LengthsIn(0).Count();

    /// <summary>The place of the next example.</summary>
    public StreamPosition Position => new(_epoch, _index, _fingerprint);

    /// <summary>The place, in the epoch's order, of the example that was given last.</summary>
    public int LastIndex => _index - 1;

    /// <summary>
    /// Reads and encodes every row once: bad rows are found before the first step, and the number of examples is known.
    /// </summary>
    /// <param name="progress">Takes the number of rows that are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputFileException">A row is bad: the first one, with its place.</exception>
    /// <exception cref="ConfigException">No row becomes an example.</exception>
    public StreamReport Scan(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var scan = new MixtureScan(_mixture, _encoder);
        var report = scan.Run(progress, cancellationToken);
        if (report.Examples == 0)
        {
            throw new ConfigException(
                $"none of {report.Rows} rows becomes an example: {report.NoTarget} have nothing to learn, {report.TooLong} are too long. "
                + "See `octavo data show` for one of them.");
        }
        _lengths = scan.Lengths;
        return report;
    }

    /// <summary>The next example of this epoch; null at its end.</summary>
    /// <exception cref="InputFileException">A row is bad; the message names its place.</exception>
    public Example? NextInEpoch()
    {
        while (_index < _order.Length)
        {
            var row = _order[_index++];
            if (_lengths?[row] == 0)
                continue;
            if (Encode(row) is { } example)
                return example;
        }
        return null;
    }

    /// <summary>Goes to the next epoch; false where this is the last one.</summary>
    public bool BeginNextEpoch()
    {
        if (_epoch + 1 >= Epochs)
            return false;
        _epoch++;
        (_order, _index) = (_mixture.Order(_epoch), 0);
        return true;
    }

    /// <summary>An example of this epoch by its place in the epoch's order.</summary>
    public Example At(int index) => Encode(_order[index])
        ?? throw new InputFileException(
            $"{_mixture.PlaceOf(_order[index])} became no example, and had become one before. The data have changed.");

    /// <summary>Tokens of each example of an epoch, in order; the stream must have been scanned.</summary>
    public IEnumerable<int> LengthsIn(int epoch)
    {
        var lengths = _lengths ?? throw new InvalidOperationException("Lengths are known after Scan.");
        return (epoch == _epoch ? _order : _mixture.Order(epoch)).Select(row => lengths[row]).Where(length => length > 0);
    }

    /// <summary>Goes to a saved place.</summary>
    /// <exception cref="ConfigException">The place is of other data, or of data that are encoded in another way.</exception>
    public void Restore(StreamPosition position)
    {
        if (position.Fingerprint != _fingerprint)
        {
            throw new ConfigException(
                "the data files, what is taken of them or how they are encoded differ from those of the saved run. "
                + "Resume with the same, or begin a new run.");
        }
        var order = position.Epoch >= 0 && position.Epoch < Epochs ? _mixture.Order(position.Epoch) : [];
        if (position.Index < 0 || position.Index > order.Length)
            throw new ConfigException(
                $"the saved place is row {position.Index} of epoch {position.Epoch}; this run has {Epochs} epochs of {_mixture.EpochSize} rows.");
        (_epoch, _index, _order) = (position.Epoch, position.Index, order);
    }

    /// <inheritdoc/>
    public void Dispose() => _mixture.Dispose();

    private Example? Encode(int row)
    {
        try
        {
            var (sample, source, number) = _mixture.Read(row);
            var encoded = _encoder.Encode(sample);
            return encoded.IsKept ? new Example(encoded.Tokens.Ids, encoded.Tokens.IsTarget, source, number) : null;
        }
        catch (RowException error)
        {
            throw error.At(_mixture.PlaceOf(row));
        }
    }
}
