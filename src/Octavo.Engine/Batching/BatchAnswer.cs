using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Octavo.Engine;

/// <summary>An answer that a <see cref="BatchScheduler"/> makes; its tokens come through a channel without a bound. One reader.</summary>
public sealed class BatchAnswer
{
    private readonly Channel<GeneratedToken> _tokens = Channel.CreateUnbounded<GeneratedToken>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    // of its own and without a timer, so it need not be disposed; the caller's token is let go of at the end
    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
    private readonly CancellationTokenRegistration _callers;

    internal BatchAnswer(int[] prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        Prompt = prompt;
        Options = options;
        // one that still waits for a place need not wait to be told
        _cancellation.Token.UnsafeRegister(static answer => ((BatchAnswer)answer!).EndWaiting(), this);
        _callers = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
    }

    /// <summary>What the answer took so far, counted from the step that took it in; default while it waits.</summary>
    public GenerationTimings Timings => Sequence?.Timings ?? default;

    internal int[] Prompt { get; }

    internal GenerationOptions Options { get; }

    internal CancellationToken Cancellation => _cancellation.Token;

    internal BatchSequence? Sequence { get; set; }

    /// <summary>Ends the answer: within one step, or at once while it waits for a place.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Its tokens as they come; the last one has a finish reason. A reader that leaves early ends the answer.</summary>
    /// <param name="cancellationToken">Ends the reading, and so the answer.</param>
    /// <exception cref="OperationCanceledException">The answer or the reading was cancelled.</exception>
    /// <exception cref="Octavo.Core.EvaluationException">The model's output is not a number.</exception>
    /// <exception cref="Octavo.Core.ResourceException">No memory is left for its keys and values.</exception>
    public async IAsyncEnumerable<GeneratedToken> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (var token in _tokens.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return token;
        }
        finally
        {
            await _cancellation.CancelAsync().ConfigureAwait(false);
        }
    }

    internal void Add(GeneratedToken token) => _tokens.Writer.TryWrite(token);

    internal void End(Exception? error)
    {
        _callers.Unregister();
        _tokens.Writer.TryComplete(error);
    }

    private void EndWaiting()
    {
        if (Sequence is null)
            End(new OperationCanceledException(Cancellation));
    }
}
