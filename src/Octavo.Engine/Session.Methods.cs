using Octavo.Core;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <content>The moments of the method that looks after the session's keys and values.</content>
public sealed partial class Session
{
    /// <summary>Notes how long the prompt is that a method waits for.</summary>
    internal void BeginPrompt(int more)
    {
        if (_awaitsPrompt)
            _cache.Reading!.PromptTokens = _cache.SeenTokens + more;
    }

    /// <summary>Runs the prompt layer by layer, for a method that has to see all of it at once.</summary>
    private unsafe void RunWhole(
        ReadOnlySpan<int> tokens, int again, int slot, LoweredLinear head, bool lastOnly, float* output, HiddenProbe? probe, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        if (_cache.SeenTokens > 0)
            throw new ConfigException($"'{Method!.Name}' has to read its prompt at once, and the session holds {_cache.SeenTokens} tokens already; run the whole prompt in one call.");
        if (probe is not null)
            throw new UnsupportedException($"'{Method!.Name}' reads a prompt layer by layer, which cannot be watched token by token. Watch it without a method.");
        var rows = new Row[tokens.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new Row(0, tokens[i], i, i, (lastOnly ? i == rows.Length - 1 : i >= again) ? Wanted.Head : Wanted.Nothing, Adapter: slot);
        tokens.CopyTo(_tokens);
        var count = tokens.Length;
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
            try
            {
                _cache.Append(0, count);
                _model.RunWhole(rows, _cache, _lengths, head, output, layer =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report((int)((long)count * (layer + 1) / _model.Layers));
                });
            }
            catch
            {
                Rollback(0);
                throw;
            }
        }
    }

    private void AwaitPrompt()
    {
        (_awaitsPrompt, _compressedAt) = (Method is not null, 0);
        _cache.Reading = Method is null ? null : new KvReading(Method, _model.Layers);
        _cache.Watch = Method is null ? null : _model.NewWatch(Method);
    }

    /// <summary>Lets the method choose what is kept, layer by layer, where its moment has come.</summary>
    private void Compress()
    {
        if (Method is null || (!_awaitsPrompt && (Method.Interval is not { } interval || _cache.SeenTokens - _compressedAt < interval)))
            return;
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
            try
            {
                for (var layer = 0; layer < _model.Layers; layer++)
                {
                    var view = _model.ViewLayer(_cache, layer, Method, _awaitsPrompt);
                    if (Method.Compress(view) is not { } kept)
                        continue;
                    if (kept.Length != view.StoredHeads)
                        throw new ConfigException($"'{Method.Name}' chose for {kept.Length} heads of layer {layer}; it has to for {view.StoredHeads}.");
                    _cache.Compress(layer, kept);
                }
            }
            catch
            {
                // some layers would have forgotten what others still hold
                Rollback(0);
                throw;
            }
            if (_awaitsPrompt)
            {
                Pack();
                _cache.Reading = _cache.Reading?.EndPrompt();
            }
            (_awaitsPrompt, _compressedAt) = (false, _cache.SeenTokens);
            if (Method.Interval is null)
                _cache.Watch = null;
        }
    }

    private void Pack()
    {
        if (Method!.Packing is not { } packing)
            return;
        try
        {
            _cache.Pack(packing);
        }
        catch
        {
            // some layers would be packed and others not
            Rollback(0);
            throw;
        }
    }
}
