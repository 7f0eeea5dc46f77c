using Octavo.Core;
using Octavo.Engine.Batching;
using Octavo.Engine.Cache;
using Octavo.Engine.Generation;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <summary>
/// Sequences that share the passes over a model's weights. They join and leave between steps; one step gives every sequence that
/// decodes its next token and runs a bounded part of the prompts that wait. Each gets the tokens that it would get alone, bit for bit.
/// Not thread-safe; <see cref="BatchScheduler"/> serves many threads.
/// </summary>
public sealed class Batch : IDisposable
{
    private readonly LanguageModel _model;
    private readonly BatchOptions _options;
    private readonly LoweredLinear _head;
    private readonly BatchSequence[] _sequences;
    private readonly int[] _counts;
    private readonly int[] _waiting;
    private readonly KvMark[] _marks;
    private readonly KvCache[] _caches;
    private readonly int[] _lengths;
    private readonly Row[] _rows = new Row[ForwardPass.BlockRows];
    private readonly BatchToken[] _results;
    private readonly NativeBuffer<float> _logits;
    private int _resultCount;
    private int _turn;
    private bool _disposed;

    /// <summary>Prepares an empty batch.</summary>
    /// <param name="model">The model; the caller disposes it, after the batch.</param>
    /// <param name="options">How sequences share the steps.</param>
    /// <exception cref="ConfigException">An option is wrong.</exception>
    /// <exception cref="UnsupportedException">The model predicts no tokens.</exception>
    public Batch(LanguageModel model, BatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _options = options ?? new BatchOptions();
        _options.Validate();
        _model = model;
        _head = model.Head(Session.LanguageHead);
        var size = _options.MaxSequences;
        _sequences = new BatchSequence[size];
        _counts = new int[size];
        _waiting = new int[size];
        _marks = new KvMark[size];
        _caches = new KvCache[size];
        _lengths = new int[size];
        _results = new BatchToken[size];
        _logits = new NativeBuffer<float>((long)size * _head.Weights.Rows);
    }

    /// <summary>Sequences that take part.</summary>
    public int Count { get; private set; }

    /// <summary>The most sequences at once.</summary>
    public int Capacity => _sequences.Length;

    /// <summary>Takes a sequence in; it takes part from the next step on.</summary>
    /// <param name="prompt">The whole prompt, from the beginning of the sequence.</param>
    /// <param name="options">How its tokens are chosen and when it ends.</param>
    /// <param name="session">
    /// Where its keys and values go; what it already holds of the prompt is reused. It stays the caller's, who leaves it alone until the
    /// sequence has ended. Null makes one that is disposed with the sequence.
    /// </param>
    /// <param name="cancellationToken">Looked at once per step; ends this sequence only.</param>
    /// <exception cref="ConfigException">An option or a token is wrong, or the session is in use or one of another model.</exception>
    /// <exception cref="ResourceException">The batch is full, or the prompt does not fit the context.</exception>
    public BatchSequence Join(
        IReadOnlyList<int> prompt, GenerationOptions options, Session? session = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        options.Validate();
        Completion.Check(_model, prompt);
        session?.CheckOwner(_model);
        session?.CheckAdapter(options.Adapter);
        session?.CheckMethod(options.KvMethod);
        if ((session?.Method ?? options.KvMethod) is { } method && (method.Needs.WholePrompt || method.Blend is not null))
            throw new UnsupportedException($"'{method.Name}' reads a prompt layer by layer, which a batch does not do yet; generate without a batch, or leave the method out.");
        if (Count == Capacity)
            throw new ResourceException($"The batch holds {Capacity} sequences and is full; wait until one has ended, or make it larger.");
        if (session is not null && _sequences.AsSpan(0, Count).ToArray().Any(other => other.Session == session))
            throw new ConfigException("The session is used by another sequence of the batch; give each its own.");
        int[] tokens = [.. prompt];
        var completion = new Completion(_model, options, tokens);
        var own = session is null;
        session ??= _model.NewSession(options.Adapter, options.KvMethod);
        completion.Reused = session.Reuse(tokens);
        session.BeginPrompt(tokens.Length - completion.Reused);
        var sequence = new BatchSequence(session, own, tokens, completion, cancellationToken);
        _sequences[Count++] = sequence;
        return sequence;
    }

    /// <summary>Takes a sequence out before its end; nothing happens where it has ended already.</summary>
    public void Leave(BatchSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        var at = Array.IndexOf(_sequences, sequence, 0, Count);
        if (at >= 0)
            Remove(at);
    }

    /// <summary>
    /// Runs one pass over the weights. Returns one record for each sequence that got a token or ended; valid until the next step. Empty
    /// where only parts of prompts were run. In the steady state of decoding nothing is allocated but the texts of tokens.
    /// </summary>
    public ReadOnlySpan<BatchToken> Step()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _resultCount = 0;
        for (var i = Count - 1; i >= 0; i--)
        {
            if (_sequences[i].IsCancelled)
                End(i, _sequences[i].Cancelled);
        }
        if (Count > 0)
        {
            Plan();
            Run();
            Read();
        }
        return _results.AsSpan(0, _resultCount);
    }

    /// <summary>Ends all sequences.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        while (Count > 0)
            Remove(Count - 1);
        _logits.Dispose();
    }

    /// <summary>Decides how many rows each sequence has in this step.</summary>
    private void Plan()
    {
        var decoding = 0;
        for (var i = 0; i < Count; i++)
        {
            _sequences[i].Recompute();
            _waiting[i] = _sequences[i].Waiting;
            decoding += _waiting[i] == 0 ? 1 : 0;
        }
        var rows = decoding == 0 ? ForwardPass.BlockRows : Math.Min(_options.PromptRows, ForwardPass.BlockRows - decoding);
        _turn = (_turn + 1) % Count;
        PromptShares.Divide(_waiting.AsSpan(0, Count), rows, _turn, _counts.AsSpan(0, Count));
        for (var i = 0; i < Count; i++)
        {
            if (_waiting[i] == 0)
                _counts[i] = 1;
        }
    }

    private void Run()
    {
        // Pages are taken inside the turn: other sessions' kernels read the pool's tables while they compute.
        lock (_model.Turn)
        {
            ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
            while (!TryPass())
            {
                // the others' part of the step is run again without the one that ended
            }
        }
    }

    /// <summary>Runs the step of all; false where a sequence had to end and nothing was run.</summary>
    private unsafe bool TryPass()
    {
        Reserve();
        var rows = WriteRows();
        if (rows == 0)
            return true;
        try
        {
            _model.Run(_rows.AsSpan(0, rows), _caches.AsSpan(0, Count), _lengths.AsSpan(0, Count), _head, _logits.Pointer, null, 0);
            return true;
        }
        catch (Exception error)
        {
            // Half a step would be taken for a whole one by the next.
            for (var i = 0; i < Count; i++)
            {
                _caches[i].Rollback(_marks[i]);
                // its prompt is read again from the beginning: what the half step noted would count twice
                if (_caches[i].Watch is { AddsUp: true })
                    _sequences[i].BeginAgain();
            }
            if (error is not UnstorableException ofOne)
                throw;
            End(ofOne.Sequence, ofOne);
            return false;
        }
    }

    /// <summary>Takes the slots of the step; a sequence for which there is no memory, or no adapter any more, ends.</summary>
    private void Reserve()
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            // adapters come and go in the model's turn alone, so what is there now is there for the whole pass
            if (!_sequences[i].Session.HasAdapter)
            {
                End(i, new ConfigException($"The adapter '{_sequences[i].Session.Adapter}' was removed from the model."));
                continue;
            }
            var cache = _sequences[i].Session.Cache;
            var mark = cache.Mark();
            try
            {
                _lengths[i] = _sequences[i].Length;
                _sequences[i].Session.Reach(_lengths[i]);
                _sequences[i].Session.Note(cache.SeenTokens, _sequences[i].Pending(_counts[i]));
                cache.Append(cache.SeenTokens, _counts[i]);
            }
            catch (OutOfMemoryException error)
            {
                cache.Rollback(mark);
                End(i, new ResourceException(
                    $"There is no memory for more keys and values after {cache.SeenTokens} tokens; run fewer sequences or shorter ones.", error));
                continue;
            }
            _caches[i] = cache;
            _marks[i] = mark;
        }
    }

    private int WriteRows()
    {
        var row = 0;
        for (var i = 0; i < Count; i++)
        {
            var from = _marks[i].SeenTokens;
            var tokens = _sequences[i].Session.Tokens;
            var first = tokens.Length - _counts[i];
            var slot = _sequences[i].Session.AdapterSlot;
            for (var at = 0; at < _counts[i]; at++)
            {
                // Only the last token of a prompt says something about what comes next.
                var wanted = at == _counts[i] - 1 && _sequences[i].Waiting == 0 ? Wanted.Head : Wanted.Nothing;
                _rows[row++] = new Row(i, tokens[first + at], first + at - _sequences[i].Session.Cache.Shift, from + at, wanted, Adapter: slot);
            }
        }
        return row;
    }

    private unsafe void Read()
    {
        var width = _head.Weights.Rows;
        var logits = 0;
        var firstEnded = _resultCount;
        for (var i = 0; i < Count; i++)
        {
            if (_counts[i] == 0 || _sequences[i].Waiting > 0)
                continue;
            var row = new ReadOnlySpan<float>(_logits.Pointer + ((long)logits++ * width), width);
            var result = _resultCount++;
            try
            {
                _sequences[i].Session.EndStep(_waiting[i] > 0);
                _results[result] = new BatchToken(_sequences[i], _sequences[i].Take(row), null);
            }
            catch (Exception error)
            {
                _results[result] = new BatchToken(_sequences[i], default, error);
            }
        }
        for (var i = firstEnded; i < _resultCount; i++)
        {
            if (_results[i].IsLast)
                Leave(_results[i].Sequence);
        }
    }

    private void End(int index, Exception error)
    {
        _results[_resultCount++] = new BatchToken(_sequences[index], default, error);
        Remove(index);
    }

    private void Remove(int index)
    {
        var sequence = _sequences[index];
        sequence.IsActive = false;
        sequence.Session.Keep();
        if (sequence.OwnsSession)
            sequence.Session.Dispose();
        // Later ones move up, with what this step knows of them; the order of joining stays.
        Count--;
        for (var i = index; i < Count; i++)
        {
            _sequences[i] = _sequences[i + 1];
            _counts[i] = _counts[i + 1];
            _waiting[i] = _waiting[i + 1];
            _marks[i] = _marks[i + 1];
            _caches[i] = _caches[i + 1];
            _lengths[i] = _lengths[i + 1];
        }
        _sequences[Count] = null!;
        _caches[Count] = null!;
    }
}
