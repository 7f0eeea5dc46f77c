using System.Security.Cryptography;
using System.Text;
using Octavo.Core;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Mixtures;

/// <summary>
/// Several data files as one list of rows, in an order that depends on seeds alone. Memory: 12 bytes or so a row; the rows
/// themselves stay in the files.
/// </summary>
internal sealed class Mixture : IDisposable
{
    private readonly MixtureOptions _options;
    private readonly List<Dataset> _datasets = [];

    // the rows that are left of all where there is a most; null: all are
    private int[]? _kept;

    private Mixture(MixtureOptions options) => _options = options;

    /// <summary>Rows that are taken of all files together.</summary>
    public int PoolSize { get; private set; }

    /// <summary>How many rows an epoch draws.</summary>
    public int EpochSize { get; private set; }

    /// <summary>Tells this mixture from another one: the files, what is taken of them and the seeds.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Opens the files.</summary>
    /// <param name="options">What is taken.</param>
    /// <param name="progress">Takes the path of each file and the bytes that are read of it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ConfigException">The numbers contradict each other, or a file's columns are of no known form.</exception>
    /// <exception cref="InputFileException">A file cannot be read.</exception>
    public static Mixture Open(
        MixtureOptions options, Action<string, long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (options.Datasets.Count == 0)
            throw new ConfigException("there are no data files; name at least one.");
        Amounts.Check(options.Datasets);
        var mixture = new Mixture(options);
        try
        {
            foreach (var dataset in options.Datasets)
            {
                var report = progress is null ? null : new ByteProgress(bytes => progress(dataset.Path, bytes));
                mixture.Add(dataset, RowFile.Open(dataset.Path, report, cancellationToken));
            }
            mixture.Complete();
            return mixture;
        }
        catch
        {
            mixture.Dispose();
            throw;
        }
    }

    /// <summary>The rows of an epoch, in order: numbers from 0 up to the pool's size.</summary>
    public int[] Order(int epoch) => _options.Datasets[0].Weight is not null ? WeightedOrder(epoch)
        : _options.Shuffle ? Shuffling.Permutation(PoolSize, Shuffling.Stream(_options.Seed, epoch))
        : [.. Enumerable.Range(0, PoolSize)];

    /// <summary>Reads a row.</summary>
    /// <param name="row">A number of <see cref="Order"/>.</param>
    /// <exception cref="RowException">The row is bad.</exception>
    public (Sample Sample, string Source, long Number) Read(int row)
    {
        var (dataset, index) = Find(row);
        var read = dataset.Rows.Read(index);
        return (dataset.Reader.Read(read.Value), dataset.Rows.Path, read.Number);
    }

    /// <summary>Where a row is, for people.</summary>
    public string PlaceOf(int row)
    {
        var (dataset, index) = Find(row);
        return dataset.Rows.PlaceOf(index);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var dataset in _datasets)
            dataset.Rows.Dispose();
    }

    private void Add(DatasetOptions options, RowSource rows)
    {
        // in the list first, so that a failure below closes it
        var dataset = new Dataset(rows);
        _datasets.Add(dataset);
        try
        {
            dataset.Reader = FormDetector.Detect(rows.Read(0).Value, rows.PlaceOf(0), options.Form, options.Columns);
        }
        catch (RowException error)
        {
            throw error.At(rows.PlaceOf(0));
        }
        var taken = Amounts.TakenOf(_options.Datasets, options, rows.Count);
        dataset.Taken = _options.Shuffle
            ? Shuffling.Permutation(rows.Count, Shuffling.Stream(_options.SelectionSeed, 0))[..taken]
            : [.. Enumerable.Range(0, taken)];
        dataset.First = PoolSize;
        PoolSize = checked(PoolSize + taken);
    }

    private void Complete()
    {
        if (_options.MostRows is { } most && most < PoolSize)
            Keep(most);
        EpochSize = _options.DrawsPerEpoch ?? PoolSize;
        if (EpochSize < 1 || (_options.DrawsPerEpoch is not null && _options.Datasets[0].Weight is null))
            throw new ConfigException("draws of an epoch are for files with weights, and at least 1.");
        var text = new StringBuilder($"{_options.SelectionSeed} {_options.Seed} {_options.Shuffle} {EpochSize}");
        foreach (var (dataset, options) in _datasets.Zip(_options.Datasets))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"\n{dataset.Rows.Fingerprint} {dataset.Rows.Count} {dataset.Taken.Length} {options.Weight} {dataset.Reader.Form.Name}");
            foreach (var (name, column) in options.Columns.OrderBy(column => column.Key, StringComparer.Ordinal))
                text.Append(' ').Append(name).Append('=').Append(column);
        }
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    private void Keep(int most)
    {
        if (most < 1 || _options.Datasets[0].Weight is not null)
            throw new ConfigException(
                "the most rows of a mixture are at least 1, and of no meaning for files with weights: give draws of an epoch.");
        _kept = _options.Shuffle
            ? Shuffling.Permutation(PoolSize, Shuffling.Stream(_options.SelectionSeed, 1))[..most]
            : [.. Enumerable.Range(0, most)];
        PoolSize = most;
    }

    private (Dataset Dataset, int Index) Find(int row)
    {
        row = _kept?[row] ?? row;
        var at = _datasets.Count - 1;
        while (_datasets[at].First > row)
            at--;
        return (_datasets[at], _datasets[at].Taken[row - _datasets[at].First]);
    }

    // each file goes round in an order of its own; draws decide whose turn it is
    private int[] WeightedOrder(int epoch)
    {
        var draws = Shuffling.Stream(_options.Seed, epoch);
        var total = _options.Datasets.Sum(dataset => dataset.Weight!.Value);
        var rounds = _datasets.Select((dataset, i) => new Round(dataset, _options, epoch, i)).ToArray();
        var order = new int[EpochSize];
        for (var i = 0; i < order.Length; i++)
        {
            var draw = draws.NextDouble() * total;
            var chosen = 0;
            while (chosen < rounds.Length - 1 && draw >= _options.Datasets[chosen].Weight)
                draw -= _options.Datasets[chosen++].Weight!.Value;
            order[i] = rounds[chosen].Next();
        }
        return order;
    }

    private sealed class ByteProgress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    /// <summary>An opened file.</summary>
    private sealed class Dataset(RowSource rows)
    {
        public RowSource Rows { get; } = rows;

        public FormReader Reader { get; set; } = null!;

        public int[] Taken { get; set; } = [];

        public int First { get; set; }
    }

    /// <summary>The rows of one file over and over, shuffled anew each time.</summary>
    private sealed class Round(Dataset dataset, MixtureOptions options, int epoch, int number)
    {
        private readonly SeededRandom _random = Shuffling.Stream(options.Seed, epoch, number + 1);
        private int[] _order = [];
        private int _at;

        public int Next()
        {
            if (_at == _order.Length)
            {
                _order = options.Shuffle
                    ? Shuffling.Permutation(dataset.Taken.Length, _random)
                    : [.. Enumerable.Range(0, dataset.Taken.Length)];
                _at = 0;
            }
            return dataset.First + _order[_at++];
        }
    }
}
