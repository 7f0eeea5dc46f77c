using System.Runtime.ExceptionServices;
using Octavo.Core;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Mixtures;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data;

/// <summary>Encodes every row of a mixture once, on all cores, for its length and for what is wrong with it.</summary>
internal sealed class MixtureScan(Mixture mixture, ExampleEncoder encoder)
{
    private readonly Lock _lock = new();
    private StreamReport _report = new();
    private (int Row, Exception Error)? _first;
    private int _done;

    /// <summary>Tokens of each row, 0 where it becomes no example.</summary>
    public int[] Lengths { get; } = new int[mixture.PoolSize];

    /// <summary>Runs the scan.</summary>
    /// <exception cref="InputFileException">A row is bad: the first of them, whatever the threads do.</exception>
    public StreamReport Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Parallel.For(0, mixture.PoolSize, new ParallelOptions { CancellationToken = cancellationToken }, () => new StreamReport(),
            (row, loop, report) => Take(row, loop, report, progress), Merge);
        if (_first is { } failed)
            ExceptionDispatchInfo.Throw(failed.Error);
        return _report;
    }

    private StreamReport Take(int row, ParallelLoopState loop, StreamReport report, IProgress<int>? progress)
    {
        try
        {
            var encoded = encoder.Encode(mixture.Read(row).Sample);
            Lengths[row] = encoded.IsKept ? encoded.Tokens.Ids.Length : 0;
            report = report.With(encoded);
        }
        catch (OctavoException error)
        {
            Fail(row, error is RowException bad ? bad.At(mixture.PlaceOf(row)) : error);
            // rows before this one are still looked at, so that the error is the same at every run
            loop.Break();
        }
        progress?.Report(Interlocked.Increment(ref _done));
        return report;
    }

    private void Fail(int row, Exception error)
    {
        lock (_lock)
        {
            if (_first is null || row < _first.Value.Row)
                _first = (row, error);
        }
    }

    private void Merge(StreamReport part)
    {
        lock (_lock)
            _report = _report.With(part);
    }
}
