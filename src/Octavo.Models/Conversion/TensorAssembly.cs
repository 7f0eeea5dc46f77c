using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models.Adapters;

namespace Octavo.Models.Conversion;

/// <summary>One tensor of the other format, put together row by row from stored ones while it is written.</summary>
internal sealed class TensorAssembly
{
    // so many numbers are held at once
    private const int ChunkNumbers = 1 << 22;

    private readonly StoredTensor?[] _sources;
    private readonly int[] _rows;
    private readonly float[] _shifts;
    private readonly int _columns;
    private readonly AdapterMerge? _merge;

    /// <summary>Begins a tensor.</summary>
    /// <param name="view">Its view in the description of the other format.</param>
    /// <param name="isGguf">Whether that is GGUF.</param>
    /// <param name="part">The first part of it, which tells whether it is taken row by row.</param>
    /// <param name="merge">An adapter that is added to its rows; null for none.</param>
    public TensorAssembly(View view, bool isGguf, TensorPart part, AdapterMerge? merge = null)
    {
        (View, Name, Role, _merge) = (view, isGguf ? view.Gguf : view.Name, part.Role, merge);
        // a vector is one row where it is taken whole, and rows of one number where parts of it are
        _columns = view.Shape.Count > 1 ? view.Shape[^1] : part.Rows == 1 ? view.Shape[0] : 1;
        var count = checked((int)(ModelListing.Elements(view) / _columns));
        (_sources, _rows, _shifts) = (new StoredTensor?[count], new int[count], new float[count]);
    }

    /// <summary>Its view.</summary>
    public View View { get; }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>What it is for.</summary>
    public TensorRole Role { get; }

    /// <summary>The tensors that it is made of.</summary>
    public IEnumerable<StoredTensor> Sources => _sources.OfType<StoredTensor>().Distinct();

    /// <summary>Whether an adapter is added to some of its rows.</summary>
    public bool IsMerged => _merge is not null && Sources.Any(_merge.Changes);

    /// <summary>Whether every row is known.</summary>
    public bool IsWhole => Array.TrueForAll(_sources, source => source is not null);

    /// <summary>Adds rows of a stored tensor.</summary>
    public void Add(TensorPart part, StoredTensor source)
    {
        for (var row = 0; row < part.Rows; row++)
        {
            var at = part.ToRow(row);
            (_sources[at], _rows[at], _shifts[at]) = (source, part.FromRow(row), part.Shift);
        }
    }

    /// <summary>The tensor as it will be written.</summary>
    /// <param name="type">How it is stored.</param>
    /// <param name="done">Told of numbers that were written.</param>
    /// <param name="threads">How many threads turn numbers.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    public OutgoingTensor To(TensorType type, Action<long> done, int threads, CancellationToken cancellationToken) => new(
        Name, type, [.. View.Shape.Select(size => (long)size)], stream => Write(type, stream, done, threads, cancellationToken));

    /// <summary>Reads its rows as fp32.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="numbers">As many whole rows as it holds.</param>
    public void Read(int first, Span<float> numbers)
    {
        for (var row = 0; row < numbers.Length / _columns; row++)
            ReadRow(first + row, numbers.Slice(row * _columns, _columns));
    }

    /// <summary>Its rows.</summary>
    public int Rows => _rows.Length;

    /// <summary>Numbers of a row.</summary>
    public int Columns => _columns;

    private void Write(TensorType type, Stream stream, Action<long> done, int threads, CancellationToken cancellationToken)
    {
        var rows = Math.Clamp(ChunkNumbers / _columns, 1, Rows);
        var rowBytes = checked((int)type.ByteLength(_columns));
        var chunk = new byte[rows * rowBytes];
        for (var first = 0; first < Rows; first += rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (start, count) = (first, Math.Min(rows, Rows - first));
            Fill(type, start, count, chunk, rowBytes, threads);
            stream.Write(chunk, 0, count * rowBytes);
            done((long)count * _columns);
        }
    }

    private void Fill(TensorType type, int first, int count, byte[] chunk, int rowBytes, int threads)
    {
        // rows of a vector are single numbers: too small to be shared out
        var bands = _columns < 32 ? 1 : Math.Min(count, 4 * threads);
        try
        {
            Parallel.For(0, bands, new ParallelOptions { MaxDegreeOfParallelism = threads }, band =>
            {
                var floats = new float[_columns];
                for (var row = count * band / bands; row < count * (band + 1) / bands; row++)
                    WriteRow(type, first + row, floats, chunk.AsSpan(row * rowBytes, rowBytes));
            });
        }
        catch (AggregateException error) when (error.InnerExceptions.OfType<InputFileException>().FirstOrDefault() is { } bad)
        {
            throw new InputFileException(bad.Message, bad);
        }
    }

    private void WriteRow(TensorType type, int row, float[] floats, Span<byte> bytes)
    {
        var source = _sources[row]!;
        // numbers that stay what they are keep their bits, also of a type that could not be made anew
        if (source.Type == type && _shifts[row] == 0 && _merge?.Changes(source) != true)
        {
            source.Bytes((long)_rows[row] * bytes.Length, bytes.Length).CopyTo(bytes);
            return;
        }
        ReadRow(row, floats);
        try
        {
            Quantizer.FromFloat(type, floats, bytes);
        }
        catch (InputFileException error)
        {
            throw new InputFileException($"{source.Name}, row {_rows[row]}: {error.Message}", error);
        }
    }

    private void ReadRow(int row, Span<float> numbers)
    {
        var source = _sources[row]!;
        var length = (int)source.Type.ByteLength(_columns);
        Dequantizer.ToFloat(source.Type, source.Bytes((long)_rows[row] * length, length), numbers);
        if (_shifts[row] is not 0 and var shift)
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] += shift;
        }
        _merge?.Apply(source, _rows[row], numbers);
    }
}
