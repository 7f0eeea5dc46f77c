using System.Collections.Concurrent;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>Counts the words of files with several threads. Sums know no order, so their number changes nothing.</summary>
internal sealed class WordCounting
{
    private const int BlocksPerThread = 8;

    // One block in fifty is kept apart, and no more than this many bytes.
    private const int HeldOutPart = 50;
    private const int MostHeldOut = 4 << 20;
    private const int SampleLength = 1 << 20;

    private readonly TrainingFiles _files;
    private readonly bool _holdsOut;
    private readonly IProgress<TokenizerTrainingProgress>? _progress;
    private readonly List<TextBlock> _heldOut = [];
    private readonly List<TextBlock> _first = [];
    private long _sinceHeldOut;
    private long _heldOutLength;

    /// <param name="files">The files.</param>
    /// <param name="holdsOut">Whether some blocks are kept apart and not counted.</param>
    /// <param name="progress">Told how many bytes were read, or null.</param>
    public WordCounting(TrainingFiles files, bool holdsOut, IProgress<TokenizerTrainingProgress>? progress) =>
        (_files, _holdsOut, _progress) = (files, holdsOut, progress);

    /// <summary>Texts that were not counted.</summary>
    public IReadOnlyList<TextBlock> HeldOut => _heldOut;

    /// <summary>The first texts that were counted, up to a MiB.</summary>
    public IReadOnlyList<TextBlock> Sample => _first;

    /// <summary>How many bytes were counted.</summary>
    public long CountedBytes { get; private set; }

    /// <summary>Counts.</summary>
    /// <param name="scanners">The pre-tokenizer.</param>
    /// <param name="special">Special tokens, which are no part of any word.</param>
    /// <param name="threads">How many threads count; reading has one of its own.</param>
    /// <param name="mostWords">More distinct words are refused.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public WordTable Run(Scanner[] scanners, AddedTokenTrie special, int threads, int mostWords, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var queue = new BlockingCollection<TextBlock>(threads * BlocksPerThread);
        var workers = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () => Count(queue, new WordTable(mostWords), scanners, special, failed), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        try
        {
            _files.Read(new TextBlocks(block => Take(block, queue, failed.Token)), failed.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A worker failed; its error comes out below.
        }
        catch
        {
            failed.Cancel();
            throw;
        }
        finally
        {
            queue.CompleteAdding();
            Task.WhenAll(workers).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }
        return Sum(workers);
    }

    private static WordTable Sum(Task<WordTable>[] workers)
    {
        if (Array.Find(workers, worker => worker.Exception?.InnerException is not (null or OperationCanceledException)) is { } broken)
            broken.GetAwaiter().GetResult();
        var words = workers[0].GetAwaiter().GetResult();
        for (var i = 1; i < workers.Length; i++)
            words.AddAll(workers[i].GetAwaiter().GetResult());
        return words;
    }

    private static WordTable Count(
        BlockingCollection<TextBlock> queue, WordTable words, Scanner[] scanners, AddedTokenTrie special, CancellationTokenSource failed)
    {
        try
        {
            var splitter = new WordSplitter(scanners, special, words);
            foreach (var block in queue.GetConsumingEnumerable(failed.Token))
                splitter.Add(block);
            return words;
        }
        catch (ResourceException)
        {
            failed.Cancel();
            throw;
        }
    }

    private void Take(TextBlock block, BlockingCollection<TextBlock> queue, CancellationToken cancellationToken)
    {
        _progress?.Report(new TokenizerTrainingProgress("reading", _files.ReadLength, _files.TotalLength));
        var length = block.Bytes.Length;
        if (_holdsOut && _sinceHeldOut >= (HeldOutPart - 1L) * length && _heldOutLength + length <= MostHeldOut)
        {
            _heldOut.Add(block);
            (_sinceHeldOut, _heldOutLength) = (0, _heldOutLength + length);
            return;
        }
        if (CountedBytes < SampleLength)
            _first.Add(block);
        _sinceHeldOut += length;
        CountedBytes += length;
        queue.Add(block, cancellationToken);
    }
}
