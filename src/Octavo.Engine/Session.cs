using Octavo.Core;
using Octavo.Engine.Cache;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <summary>One sequence with its cache. Not thread-safe.</summary>
public sealed partial class Session : IDisposable
{
    /// <summary>The head that predicts the next token.</summary>
    public const string LanguageHead = "lm_head";

    private readonly LanguageModel _model;
    private readonly KvCache _cache;
    private readonly LoweredAdapter? _adapter;
    private readonly KvCache[] _caches;
    private readonly int[] _lengths = new int[1];
    private readonly int[] _tokens;
    private readonly Row[] _rows = new Row[ForwardPass.BlockRows];
    private NativeBuffer<float>? _logits;
    private int _reach;
    private bool _awaitsPrompt;
    private int _compressedAt;
    private bool _disposed;

    internal Session(LanguageModel model, KvCache cache, LoweredAdapter? adapter, KvMethod? method = null)
    {
        _model = model;
        Method = method;
        _cache = cache;
        _adapter = adapter;
        _caches = [cache];
        _tokens = new int[model.ContextLength];
        AwaitPrompt();
    }

    /// <summary>What looks after its keys and values; null keeps all.</summary>
    public KvMethod? Method { get; }

    /// <summary>Bytes of the pages that its keys and values lie in, those that it shares with others included.</summary>
    public long KvBytes => _cache.StoredBytes();

    /// <summary>The adapter that its tokens are run with; null for the model alone.</summary>
    public string? Adapter => _adapter?.Name;

    /// <summary>The tokens that the cache holds.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _cache.SeenTokens);

    /// <summary>Runs tokens through the model and returns the logits of the last one: valid until the next call.</summary>
    /// <param name="tokens">At least one.</param>
    /// <param name="progress">Told how many of the tokens are done, after each block.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows; what was run before stays in the session.</param>
    /// <returns>[vocabulary] logits.</returns>
    /// <exception cref="ResourceException">The sequence would not fit the context; nothing was run.</exception>
    /// <exception cref="ConfigException">
    /// A token id is outside the vocabulary; nothing was run. Or the session's method chose what makes no sense; the session is empty then.
    /// </exception>
    public unsafe ReadOnlySpan<float> Forward(
        ReadOnlySpan<int> tokens, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var head = _model.Head(LanguageHead);
        var width = head.Weights.Rows;
        _logits ??= new NativeBuffer<float>(width);
        RunBlocks(tokens, head, lastOnly: true, _logits.Pointer, null, progress, cancellationToken);
        return new ReadOnlySpan<float>(_logits.Pointer, width);
    }

    /// <summary>Runs tokens through the model and returns what a head says of every one of them.</summary>
    /// <param name="tokens">At least one.</param>
    /// <param name="head"><c>lm_head</c> or <c>score</c>.</param>
    /// <param name="probe">Sees the residual stream of every token after every layer.</param>
    /// <returns>[tokens, head's width], row-major.</returns>
    /// <exception cref="ResourceException">The sequence would not fit the context, or the result an array; nothing was run.</exception>
    public unsafe float[] ForwardAll(ReadOnlySpan<int> tokens, string head = LanguageHead, HiddenProbe? probe = null)
    {
        var lowered = _model.Head(head);
        var numbers = (long)tokens.Length * lowered.Weights.Rows;
        if (numbers > Array.MaxLength)
        {
            throw new ResourceException(
                $"{tokens.Length} tokens times {lowered.Weights.Rows} outputs are {numbers} numbers; one call returns at most {Array.MaxLength}. Give fewer tokens at a time.");
        }
        var output = new float[numbers];
        fixed (float* y = output)
            RunBlocks(tokens, lowered, lastOnly: false, y, probe, null, default);
        return output;
    }

    /// <summary>Whether its keys and values are those of everybody who reads the same tokens, stored as everybody's are.</summary>
    private bool SharesPages => Method is not { Attends: true } && _cache is { IsWhole: true, IsPacked: false, IsBlended: false };

    /// <summary>
    /// Keeps what the sequence shares with a prompt, takes what the model's prefix cache has beyond, and forgets the rest; returns how many
    /// of the prompt's tokens need not be run.
    /// </summary>
    internal int Reuse(int[] prompt)
    {
        // The last token runs again: its logits begin the answer.
        var common = Math.Min(Tokens.CommonPrefixLength(prompt), prompt.Length - 1);
        var depends = _model.KeysDependOnLength(Math.Max(prompt.Length, _reach));
        // what a method chose, or noted of queries, belongs to the prompt that it was for
        var starts = depends || common < _compressedAt || (_cache.Watch is not null && common < _cache.SeenTokens)
            || (_awaitsPrompt && Method is { Attends: true });
        common = starts ? 0 : common;
        Rollback(common);
        // what was read for others was not watched, was read in another way, and does not fit behind what was compressed
        if (depends || _cache.Watch is not null || !SharesPages)
            return _cache.SeenTokens;
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
            common = _model.PrefixCache.Take(prompt, _cache, common, _adapter?.Identity ?? 0);
        }
        Note(0, prompt.AsSpan(0, common));
        return common;
    }

    /// <summary>Gives the full pages to the model's prefix cache, which shares them.</summary>
    internal void Keep()
    {
        lock (_model.Turn)
        {
            // A gap in the positions would make another sequence of it.
            if (_disposed || _model.IsDisposed || !SharesPages || _model.KeysDependOnLength(_reach))
                return;
            _model.PrefixCache.Add(_tokens.AsMemory(0, _cache.SeenTokens), _cache, _adapter?.Identity ?? 0);
        }
    }

    /// <exception cref="ConfigException">It is a session of another model: its pages mean nothing there.</exception>
    internal void CheckOwner(LanguageModel model)
    {
        if (_model != model)
            throw new ConfigException("The session belongs to another model; make one with NewSession of the model that is to use it.");
    }

    /// <exception cref="ConfigException">A request asks for another adapter than that of the session.</exception>
    internal void CheckAdapter(string? asked)
    {
        if (asked is null || asked == Adapter)
            return;
        var own = Adapter is null ? "without one" : $"for '{Adapter}'";
        throw new ConfigException($"The request asks for the adapter '{asked}'; the session was made {own}. Make one with NewSession(\"{asked}\").");
    }

    /// <exception cref="ConfigException">A request asks for another method than that of the session.</exception>
    internal void CheckMethod(KvMethod? asked)
    {
        if (asked is not null && asked != Method)
            throw new ConfigException($"The request asks for the method {asked}; the session was made with {Method?.ToString() ?? "none"}. Make one with NewSession(adapter, method).");
    }

    /// <summary>False where its adapter was removed.</summary>
    internal bool HasAdapter => _adapter is not { IsDisposed: true };

    /// <summary>Whether its keys are those of an adapter that is there, and looked after by a method.</summary>
    internal bool IsFor(string? adapter, KvMethod? method) => Adapter == adapter && Method == method && HasAdapter;

    /// <summary>Called when a batch has run all that there was of the sequence: the method chooses what stays, and full pages of a prompt are shared.</summary>
    internal void EndStep(bool isPrompt)
    {
        Compress();
        // others that wait with the same beginning find it from now on
        if (isPrompt)
            Keep();
    }

    /// <summary>The slot of its adapter; 0 for none.</summary>
    /// <exception cref="ObjectDisposedException">The adapter was removed.</exception>
    internal int AdapterSlot
    {
        get
        {
            if (_adapter is null)
                return 0;
            return !_adapter.IsDisposed ? _adapter.Slot : throw new ObjectDisposedException(_adapter.Name, $"The adapter '{_adapter.Name}' was removed from the model.");
        }
    }

    /// <summary>The most tokens that it can hold.</summary>
    internal int ContextLength => _tokens.Length;

    /// <summary>Its pages, for a batch that runs several sequences at once.</summary>
    internal KvCache Cache => _cache;

    /// <summary>Notes tokens whose slots in the cache are reserved, or whose pages were taken.</summary>
    internal void Note(int position, ReadOnlySpan<int> tokens) => tokens.CopyTo(_tokens.AsSpan(position));

    /// <summary>Notes the length of the sequence that keys are computed for.</summary>
    internal void Reach(int length) => _reach = Math.Max(_reach, length);

    /// <summary>Forgets everything after the first <paramref name="length"/> tokens.</summary>
    /// <param name="length">How many tokens to keep.</param>
    /// <exception cref="ConfigException">A method has compressed more than that, which cannot be taken apart.</exception>
    public void Rollback(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ObjectDisposedException.ThrowIf(_disposed || _model.IsDisposed, this);
        if (length > 0 && length < _compressedAt)
            throw new ConfigException($"'{Method?.Name}' was asked what to keep of more than the first {length} tokens; go back to 0, or fork the session before its prompt.");
        if (length > 0 && length < _cache.SeenTokens && _cache.Watch is not null)
            throw new ConfigException($"'{Method?.Name}' still notes the sequence's queries, which cannot be taken back; go back to 0, or fork the session before.");
        _cache.Rollback(new KvMark(length));
        if (length == 0)
        {
            _reach = 0;
            AwaitPrompt();
        }
    }

    /// <summary>A second session that begins as this one and shares its pages until one of the two writes.</summary>
    public Session Fork()
    {
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_disposed || _model.IsDisposed, this);
            var fork = new Session(_model, _cache.Fork(), _adapter, Method) { _awaitsPrompt = _awaitsPrompt, _compressedAt = _compressedAt, _notes = _notes, Blended = Blended };
            fork._cache.Watch = _cache.Watch?.Copy();
            fork._cache.Reading = _cache.Reading?.Copy();
            Tokens.CopyTo(fork._tokens);
            fork._reach = _reach;
            return fork;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _cache.Dispose();
        _logits?.Dispose();
    }

    private unsafe void RunBlocks(
        ReadOnlySpan<int> tokens, LoweredLinear head, bool lastOnly, float* output, HiddenProbe? probe, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed || _model.IsDisposed, this);
        Check(tokens);
        var slot = AdapterSlot;
        var again = 0;
        if (MustRecompute(_cache.SeenTokens + tokens.Length))
        {
            again = _cache.SeenTokens;
            tokens = (int[])[.. Tokens, .. tokens];
            Rollback(0);
        }
        Reach(_lengths[0] = _cache.SeenTokens + tokens.Length);
        BeginPrompt(tokens.Length);
        if (_awaitsPrompt && Method!.Needs.WholePrompt)
        {
            RunWhole(tokens, again, slot, head, lastOnly, output, probe, progress, cancellationToken);
            Compress();
            return;
        }
        var blended = lastOnly && _awaitsPrompt && Method!.Blend is { } blend && Blend(blend, tokens, slot, head, output, progress, cancellationToken);
        for (var done = blended ? tokens.Length : 0; done < tokens.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(ForwardPass.BlockRows, tokens.Length - done);
            var position = _cache.SeenTokens;
            var wanting = 0;
            for (var i = 0; i < count; i++)
            {
                var wanted = lastOnly ? done + i == tokens.Length - 1 : done + i >= again;
                wanting += wanted ? 1 : 0;
                _rows[i] = new Row(0, tokens[done + i], position + i - _cache.Shift, position + i, wanted ? Wanted.Head : Wanted.Nothing, Adapter: slot);
                _tokens[position + i] = tokens[done + i];
            }
            RunBlock(position, count, head, output, probe, done - again);
            if (!lastOnly)
                output += (long)wanting * head.Weights.Rows;
            done += count;
            progress?.Report(Math.Max(0, done - again));
        }
        KeepChunks(slot, cancellationToken);
        Compress();
    }

    /// <summary>Whether keys that it holds are of no use to a sequence of that length, so that all must be computed again.</summary>
    internal bool MustRecompute(int length) =>
        _model.RecomputesBeyond is { } limit && _cache.SeenTokens > 0 && _reach <= limit && length > limit;

    private unsafe void RunBlock(int position, int count, LoweredLinear head, float* output, HiddenProbe? probe, int done)
    {
        // Pages are taken inside the turn: other sessions' kernels read the pool's tables while they compute.
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
            // one that was removed meanwhile would silently add nothing
            _ = AdapterSlot;
            var mark = _cache.Mark();
            try
            {
                _cache.Append(position, count);
                _model.Run(_rows.AsSpan(0, count), _caches, _lengths, head, output, probe, done);
            }
            catch
            {
                // Half a block would be taken for a whole one by the next call; what was noted of it cannot be taken back.
                _cache.Rollback(mark);
                if (_cache.Watch is not null)
                    Rollback(0);
                throw;
            }
        }
    }

    private void Check(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
            throw new ConfigException("There is no token to run; give at least one.");
        if (_cache.SeenTokens + (long)tokens.Length > _model.ContextLength)
        {
            throw new ResourceException(
                $"{tokens.Length} tokens after {_cache.SeenTokens} do not fit the context of {_model.ContextLength}. " +
                "Shorten the text; nothing was cut.");
        }
        foreach (var token in tokens)
            _model.Check(token);
    }
}
