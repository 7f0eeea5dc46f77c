using Octavo.Core;
using Octavo.Engine.Cache;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <content>The moments of the method that looks after the session's keys and values.</content>
public sealed partial class Session
{
    private PromptWatch? _notes;

    /// <summary>What attention has computed for it, by the session that it was forked from too.</summary>
    public AttentionWork Work => _cache.Work;

    /// <summary>
    /// A second session that begins as this one, and whose keys and values a method looks after as if it had read these tokens as its prompt.
    /// Pages are shared until one of the two writes or forgets.
    /// </summary>
    /// <param name="method">The method. What it needs of the prompt has to have been noted: make this session with <see cref="NotedPrompt.For"/>.</param>
    /// <exception cref="ConfigException">
    /// The session is looked after by another method, holds more than its prompt, or did not note what the method needs; or an option of the
    /// method is wrong.
    /// </exception>
    /// <exception cref="UnsupportedException">The method reads the prompt in a way of its own, or does not work for the model.</exception>
    public Session Fork(KvMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (Method is not (null or { KeepsNotes: true }))
            throw new ConfigException($"The session is looked after by '{Method.Name}' already; fork one that was made with NotedPrompt.For(methods), or without a method.");
        if (_cache.SeenTokens == 0)
            throw new ConfigException("The session has read nothing yet; run its prompt before it is forked to a method.");
        if (method.ReadsPromptItself)
            throw new UnsupportedException($"'{method.Name}' reads the prompt in a way of its own; give it a session of its own.");
        if (!NotedPrompt.Covers(_notes?.Needs ?? default, method.Needs))
            throw new ConfigException($"'{method.Name}' needs what was not noted while the prompt was read; make the session with NotedPrompt.For(methods).");
        if (Method is not null && _cache.SeenTokens != _compressedAt)
            throw new ConfigException($"The session holds {_cache.SeenTokens} tokens, its prompt had {_compressedAt}; fork it before anything follows the prompt.");
        method.Validate();
        _model.CheckMethod(method);
        var fork = new Session(_model, Shared(), _adapter, method) { _reach = _reach };
        try
        {
            Tokens.CopyTo(fork._tokens);
            // read only, but for a method that goes on noting
            fork._cache.Watch = method.Interval is null ? _notes : _notes?.Copy();
            fork._cache.Reading!.PromptTokens = _cache.SeenTokens;
            fork.Compress();
            return fork;
        }
        catch
        {
            fork.Dispose();
            throw;
        }
    }

    private KvCache Shared()
    {
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_disposed || _model.IsDisposed, this);
            return _cache.Fork();
        }
    }

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
                _model.RunWhole(rows, _cache, _lengths, head, output, AfterLayer(count, progress, cancellationToken));
            }
            catch
            {
                Rollback(0);
                throw;
            }
        }
    }

    /// <summary>What is done after each layer where tokens run layer by layer: it may be stopped, and tells tokens as if they had run one by one.</summary>
    private Action<int> AfterLayer(int tokens, IProgress<int>? progress, CancellationToken cancellationToken) => layer =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report((int)((long)tokens * (layer + 1) / _model.Layers));
    };

    private void AwaitPrompt()
    {
        (_awaitsPrompt, _compressedAt, _notes, Blended) = (Method is not null, 0, null, null);
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
                if (_awaitsPrompt && Method.Renumbers)
                    _model.Renumber(_cache, Method.Name);
                if (_awaitsPrompt && Method.Packing is { } packing)
                    _cache.Pack(packing);
            }
            catch
            {
                // some layers would have forgotten, moved or packed what others still hold
                Rollback(0);
                throw;
            }
            if (_awaitsPrompt)
                _cache.Reading = _cache.Reading?.EndPrompt();
            (_awaitsPrompt, _compressedAt) = (false, _cache.SeenTokens);
            _notes = Method.KeepsNotes ? _cache.Watch : null;
            if (Method.Interval is null)
                _cache.Watch = null;
        }
    }
}
