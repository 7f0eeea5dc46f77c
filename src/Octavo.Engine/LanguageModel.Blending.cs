using Octavo.Engine.Cache;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <content>Chunks that were read alone, for prompts that are put together from them.</content>
public sealed partial class LanguageModel
{
    private readonly ChunkStore _chunks;
    private long _chunksOfVersion;

    /// <summary>What is stored of chunks for methods that blend them. They may take as many bytes as the prefix cache, beside it.</summary>
    public ChunkStoreStatistics Chunks => _chunks.Statistics;

    /// <summary>The chunks, in the turn; lent weights that have changed make all of them wrong.</summary>
    internal ChunkStore ChunkStore
    {
        get
        {
            var version = Checkpoint.Weights.Version;
            if (Interlocked.Exchange(ref _chunksOfVersion, version) != version)
                _chunks.Clear();
            return _chunks;
        }
    }

    /// <summary>Keys and values of a text that nothing stands before.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="adapter">The slot of its adapter; 0 for none.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows.</param>
    internal unsafe KvCache ReadAlone(ReadOnlySpan<int> tokens, int adapter, CancellationToken cancellationToken)
    {
        var cache = NewCache(tokens.Length);
        try
        {
            KvCache[] caches = [cache];
            int[] lengths = [tokens.Length];
            for (var first = 0; first < tokens.Length; first += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rows = new Row[Math.Min(BlockRows, tokens.Length - first)];
                for (var i = 0; i < rows.Length; i++)
                    rows[i] = new Row(0, tokens[first + i], first + i, first + i, Wanted.Nothing, Adapter: adapter);
                cache.Append(first, rows.Length);
                Run(rows, caches, lengths, null, null, null, 0);
            }
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>Runs a sequence's rows layer by layer, where those of chunks are known.</summary>
    internal unsafe BlendOutcome RunBlended(
        ReadOnlySpan<Row> rows, KvCache cache, ReadOnlySpan<int> lengths, IReadOnlyList<PlacedChunk> chunks, double ratio, LoweredLinear? head,
        float* output, Action<int> afterLayer)
    {
        lock (_pool)
        {
            Enter();
            try
            {
                return _forward.RunBlended(rows, cache, lengths, chunks, ratio, head, output, afterLayer);
            }
            finally
            {
                _running = false;
            }
        }
    }
}
