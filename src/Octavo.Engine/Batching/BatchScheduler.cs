using System.Threading.Channels;
using Octavo.Core;
using Octavo.Engine.Batching;
using Octavo.Engine.Generation;

namespace Octavo.Engine;

/// <summary>
/// Runs a <see cref="Batch"/> on one thread of its own for requests from any thread. Requests beyond the batch's size wait in their order.
/// Conversations that go on find what was computed for their earlier turns.
/// </summary>
public sealed class BatchScheduler : IDisposable
{
    private readonly LanguageModel _model;
    private readonly Batch _batch;
    private readonly IdleSessions _idle;
    private readonly Channel<BatchAnswer> _requests = Channel.CreateUnbounded<BatchAnswer>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<BatchSequence, BatchAnswer> _answers = [];
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="model">The model; the caller disposes it, after the scheduler.</param>
    /// <param name="options">How sequences share the steps.</param>
    /// <exception cref="ConfigException">An option is wrong.</exception>
    /// <exception cref="UnsupportedException">The model predicts no tokens.</exception>
    public BatchScheduler(LanguageModel model, BatchOptions? options = null)
    {
        _batch = new Batch(model, options);
        _model = model;
        _idle = new IdleSessions(model);
        _thread = new Thread(Work) { IsBackground = true, Name = "octavo-batch" };
        _thread.Start();
    }

    /// <summary>Requests that wait for a place.</summary>
    public int Waiting => _requests.Reader.Count;

    /// <summary>Sequences that take part in steps.</summary>
    public int Active => _batch.Count;

    /// <summary>Asks for an answer.</summary>
    /// <param name="prompt">The whole prompt.</param>
    /// <param name="options">How its tokens are chosen and when it ends.</param>
    /// <param name="cancellationToken">Ends this answer only.</param>
    /// <exception cref="ConfigException">An option or a token is wrong.</exception>
    /// <exception cref="ResourceException">The prompt does not fit the context.</exception>
    public BatchAnswer Submit(IReadOnlyList<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Completion.Check(_model, prompt);
        _model.IdentityOf(options.Adapter);
        var answer = new BatchAnswer([.. prompt], options, cancellationToken);
        ObjectDisposedException.ThrowIf(!_requests.Writer.TryWrite(answer), this);
        return answer;
    }

    /// <summary>Ends all answers and the thread.</summary>
    public void Dispose()
    {
        if (!_requests.Writer.TryComplete())
            return;
        _stopping = true;
        _thread.Join();
    }

    private void Work()
    {
        while (!_stopping)
        {
            Admit();
            if (_batch.Count > 0)
                Step();
            else if (!_requests.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                break;
        }
        while (_requests.Reader.TryRead(out var waiting))
            waiting.End(new ObjectDisposedException(nameof(BatchScheduler)));
        EndAll(new ObjectDisposedException(nameof(BatchScheduler)));
        _batch.Dispose();
        _idle.Dispose();
    }

    private void Admit()
    {
        while (_batch.Count < _batch.Capacity && _requests.Reader.TryRead(out var answer))
        {
            Session? session = null;
            try
            {
                answer.Cancellation.ThrowIfCancellationRequested();
                session = _idle.Take(answer.Prompt, answer.Options.Adapter, answer.Options.KvMethod);
                answer.Sequence = _batch.Join(answer.Prompt, answer.Options, session, answer.Cancellation);
                _answers.Add(answer.Sequence, answer);
            }
            catch (Exception error) when (error is OctavoException or OperationCanceledException or ObjectDisposedException or OutOfMemoryException)
            {
                session?.Dispose();
                answer.End(error);
            }
        }
    }

    private void Step()
    {
        try
        {
            foreach (var (sequence, token, error) in _batch.Step())
            {
                var answer = _answers[sequence];
                if (error is null)
                    answer.Add(token);
                if (sequence.IsActive)
                    continue;
                _answers.Remove(sequence);
                _idle.Give(sequence.Session);
                answer.End(error);
            }
        }
        catch (Exception error)
        {
            // A failed pass is everyone's: no request may wait for ever, and the next ones are tried anew.
            EndAll(error);
        }
    }

    private void EndAll(Exception error)
    {
        foreach (var (sequence, answer) in _answers)
        {
            _batch.Leave(sequence);
            sequence.Session.Dispose();
            answer.End(error);
        }
        _answers.Clear();
    }
}
