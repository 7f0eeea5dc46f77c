using Octavo.Engine.Cache;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <content>Prompts that are put together from chunks which were read alone.</content>
public sealed partial class Session
{
    /// <summary>What became of its prompt where a method has put it together from chunks; null where it was read as ever.</summary>
    public BlendReport? Blended { get; private set; }

    private ulong Content => _adapter?.Identity ?? 0;

    /// <summary>Runs the prompt with what is known of its chunks; false where nothing is, and nothing was run.</summary>
    private unsafe bool Blend(
        KvBlend blend, ReadOnlySpan<int> tokens, int slot, LoweredLinear head, float* output, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        // a model of one layer has nothing to leave out
        if (_model.Layers < 2)
            return false;
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
            var (first, count) = (_cache.SeenTokens, tokens.Length);
            tokens.CopyTo(_tokens.AsSpan(first));
            // the last token runs in any case: its logits begin the answer
            var chunks = _model.ChunkStore.Find(_tokens.AsMemory(0, first + count - 1), first, blend.Chunk, Content);
            if (chunks.Count == 0 || chunks.Count * blend.Chunk < blend.MinTokens)
                return false;
            var mark = _cache.Mark();
            try
            {
                _cache.Append(first, count);
                var rows = new Row[count];
                for (var i = 0; i < count; i++)
                    rows[i] = new Row(0, tokens[i], first + i, first + i, i == count - 1 ? Wanted.Head : Wanted.Nothing, Adapter: slot);
                var outcome = _model.RunBlended(rows, _cache, _lengths, chunks, blend.Ratio, head, output, AfterLayer(count, progress, cancellationToken));
                _cache.IsBlended = true;
                Blended = new BlendReport(
                    first, chunks.Count * blend.Chunk, [.. Enumerable.Range(0, _model.Layers).Select(layer => layer == 0 ? count : outcome.Recomputed.Length)]);
                return true;
            }
            catch
            {
                // some layers would hold the whole prompt and others a part of it
                _cache.Rollback(mark);
                throw;
            }
        }
    }

    /// <summary>Stores the prompt's chunks that are not stored yet: its beginning as it is, each other one read alone.</summary>
    private void KeepChunks(int slot, CancellationToken cancellationToken)
    {
        if (!_awaitsPrompt || Method!.Blend is not { } blend)
            return;
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
            var tokens = _tokens.AsMemory(0, _cache.SeenTokens);
            foreach (var at in _model.ChunkStore.Missing(tokens, blend.Chunk, Content))
            {
                var chunk = tokens.Span.Slice(at, blend.Chunk);
                var isThere = at == 0 && !_cache.IsBlended;
                _model.ChunkStore.Add(chunk, Content, isThere ? Beginning(blend.Chunk) : _model.ReadAlone(chunk, slot, cancellationToken));
            }
        }
    }

    /// <summary>The first pages, shared.</summary>
    private KvCache Beginning(int tokens)
    {
        var beginning = _model.NewCache(tokens);
        var pages = new int[_model.Layers];
        for (var page = 0; page < tokens / PagePool.Positions; page++)
        {
            for (var layer = 0; layer < pages.Length; layer++)
                pages[layer] = _cache.Page(layer, page);
            beginning.Adopt(pages);
        }
        return beginning;
    }
}
