using Octavo.Core;

namespace Octavo.Training.Data;

/// <summary>How examples become batches.</summary>
internal sealed record BatchOptions
{
    /// <summary>Rows of a batch; the last one of an epoch may have fewer.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>How rows are filled.</summary>
    public BatchLayout Layout { get; init; } = BatchLayout.Pad;

    /// <summary>Tokens of a row where examples are packed or cut; of no meaning where they are padded.</summary>
    public int Length { get; init; } = 2048;

    /// <summary>Where examples are packed: rows that may wait for examples that fit.</summary>
    public int OpenRows { get; init; } = 64;
}

/// <summary>How rows are filled.</summary>
internal enum BatchLayout
{
    /// <summary>One example a row, filled up to the longest of the batch.</summary>
    Pad,

    /// <summary>Several whole examples a row, by first fit.</summary>
    Pack,

    /// <summary>Documents one behind the other, cut where a row is full: for pre-training.</summary>
    Wrap,
}

/// <summary>
/// The batches of a run. No batch mixes two epochs, and every example is in one. A saved <see cref="Position"/> gives what would
/// have followed, bit for bit. One thread at a time.
/// </summary>
internal sealed class BatchStream : IDisposable
{
    private readonly ExampleStream _examples;
    private readonly BatchOptions _options;
    private readonly Packer _packer;
    private readonly Queue<PackedRow> _full = new();

    // examples of rows that are not given out yet, by their place in the epoch's order
    private readonly Dictionary<int, Example> _waiting = [];
    private Example? _cut;
    private int _cutIndex = -1;
    private int _cutOffset;

    /// <summary>Begins a stream of batches.</summary>
    /// <param name="examples">The examples; this stream closes it.</param>
    /// <param name="options">How they become batches.</param>
    /// <exception cref="ConfigException">A number is out of range.</exception>
    public BatchStream(ExampleStream examples, BatchOptions options)
    {
        if (options.Rows < 1 || options.Length < 2 || options.OpenRows < 1)
            throw new ConfigException("rows of a batch and the open rows are at least 1, the length at least 2.");
        (_examples, _options) = (examples, options);
        _packer = new Packer(options.Length, options.OpenRows);
    }

    /// <summary>The place between the last batch and the next one.</summary>
    public BatchPosition Position => new(_examples.Position, Indexes(_full), Indexes(_packer.Open), _cutIndex, _cutOffset);

    /// <summary>The next batch; null at the end of the last epoch.</summary>
    /// <exception cref="InputFileException">A row of the data is bad; the message names its place.</exception>
    /// <exception cref="ConfigException">An example is longer than a row into which it is to be packed.</exception>
    public Batch? Next()
    {
        do
        {
            var batch = _options.Layout switch
            {
                BatchLayout.Pad => NextPadded(),
                BatchLayout.Pack => NextPacked(),
                _ => NextWrapped(),
            };
            if (batch is not null)
                return batch;
        }
        while (_examples.BeginNextEpoch());
        return null;
    }

    /// <summary>How many batches an epoch gives; the examples must have been scanned.</summary>
    public int CountBatches(int epoch)
    {
        var lengths = _examples.LengthsIn(epoch);
        var rows = _options.Layout switch
        {
            BatchLayout.Pad => lengths.Count(),
            BatchLayout.Pack => CountPacked(lengths),
            _ => checked((int)((lengths.Sum(length => (long)length) + _options.Length - 1) / _options.Length)),
        };
        return (rows + _options.Rows - 1) / _options.Rows;
    }

    /// <summary>Goes to a saved place.</summary>
    /// <exception cref="ConfigException">The place is of other data.</exception>
    public void Restore(BatchPosition position)
    {
        _examples.Restore(position.Stream);
        _full.Clear();
        _packer.Clear();
        _waiting.Clear();
        foreach (var row in position.Full)
            _full.Enqueue(Restored(row));
        foreach (var row in position.Open)
            _packer.Restore(Restored(row));
        (_cutIndex, _cutOffset) = (position.CutIndex, position.CutOffset);
        _cut = _cutIndex < 0 ? null : _examples.At(_cutIndex);
    }

    /// <inheritdoc/>
    public void Dispose() => _examples.Dispose();

    private static int[][] Indexes(IEnumerable<PackedRow> rows) => [.. rows.Select(row => row.Indexes.ToArray())];

    private Batch? NextPadded()
    {
        var examples = new List<Example>(_options.Rows);
        while (examples.Count < _options.Rows && _examples.NextInEpoch() is { } example)
            examples.Add(example);
        return examples.Count == 0 ? null : Collator.Pad(examples);
    }

    private Batch? NextPacked()
    {
        while (_full.Count < _options.Rows && _examples.NextInEpoch() is { } example)
        {
            Fits(example);
            _waiting.Add(_examples.LastIndex, example);
            if (_packer.Add(_examples.LastIndex, example.Ids.Length) is { } row)
                _full.Enqueue(row);
        }
        while (_full.Count < _options.Rows && _packer.TakeOldest() is { } row)
            _full.Enqueue(row);
        if (_full.Count == 0)
            return null;
        var rows = new List<IReadOnlyList<Example>>();
        while (rows.Count < _options.Rows && _full.TryDequeue(out var row))
            rows.Add([.. row.Indexes.Select(Taken)]);
        return Collator.Pack(rows, _options.Length);
    }

    private void Fits(Example example)
    {
        if (example.Ids.Length > _options.Length)
        {
            throw new ConfigException(
                $"{example.Source}, row {example.Row}: {example.Ids.Length} tokens do not go into packed rows of {_options.Length}. "
                + "Set max_seq_length to at most the length of a row.");
        }
    }

    private Example Taken(int index)
    {
        _waiting.Remove(index, out var example);
        return example!;
    }

    private PackedRow Restored(int[] indexes)
    {
        var row = new PackedRow();
        foreach (var index in indexes)
        {
            var example = _examples.At(index);
            _waiting.Add(index, example);
            row.Add(index, example.Ids.Length);
        }
        return row;
    }

    private Batch? NextWrapped()
    {
        var rows = new List<IReadOnlyList<Example>>();
        while (rows.Count < _options.Rows && NextWrappedRow() is { Count: > 0 } row)
            rows.Add(row);
        return rows.Count == 0 ? null : Collator.Pack(rows, _options.Length);
    }

    private List<Example> NextWrappedRow()
    {
        var row = new List<Example>();
        for (var room = _options.Length; room > 0;)
        {
            if (_cut is null)
            {
                _cut = _examples.NextInEpoch();
                if (_cut is null)
                    break;
                (_cutIndex, _cutOffset) = (_examples.LastIndex, 0);
            }
            var end = Math.Min(_cut.Ids.Length, _cutOffset + room);
            row.Add(_cut with { Ids = _cut.Ids[_cutOffset..end], IsTarget = _cut.IsTarget[_cutOffset..end] });
            room -= end - _cutOffset;
            _cutOffset = end;
            if (end == _cut.Ids.Length)
                (_cut, _cutIndex, _cutOffset) = (null, -1, 0);
        }
        return row;
    }

    private int CountPacked(IEnumerable<int> lengths)
    {
        var packer = new Packer(_options.Length, _options.OpenRows);
        var rows = 0;
        foreach (var length in lengths)
            rows += packer.Add(0, length) is null ? 0 : 1;
        return rows + packer.Open.Count;
    }
}
