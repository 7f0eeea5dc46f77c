using Octavo.Engine.Generation;

namespace Octavo.Engine;

/// <summary>One sequence of a <see cref="Batch"/>, from <see cref="Batch.Join"/> on.</summary>
public sealed class BatchSequence
{
    private int[] _prompt;
    private readonly Completion _completion;
    private readonly CancellationToken _cancellation;
    private int _next;

    internal BatchSequence(Session session, bool ownsSession, int[] prompt, Completion completion, CancellationToken cancellation)
    {
        Session = session;
        OwnsSession = ownsSession;
        _prompt = prompt;
        _completion = completion;
        _cancellation = cancellation;
    }

    /// <summary>Whether it takes part in the next step.</summary>
    public bool IsActive { get; internal set; } = true;

    /// <summary>What it took so far, counted from joining.</summary>
    public GenerationTimings Timings => _completion.Timings;

    internal Session Session { get; }

    internal bool OwnsSession { get; }

    internal bool IsCancelled => _cancellation.IsCancellationRequested;

    internal Exception Cancelled => new OperationCanceledException(_cancellation);

    /// <summary>Tokens of the prompt that have not been run; 0 where it decodes.</summary>
    internal int Waiting => Math.Max(0, _prompt.Length - Session.Cache.SeenTokens);

    /// <summary>Its length once the present call is done: the prompt counts as one call, however it is cut.</summary>
    internal int Length => Math.Max(_prompt.Length, Session.Cache.SeenTokens + 1);

    /// <summary>The next tokens to run: a part of the prompt, or the one chosen last.</summary>
    internal ReadOnlySpan<int> Pending(int count) =>
        Waiting > 0 ? _prompt.AsSpan(Session.Cache.SeenTokens, count) : new ReadOnlySpan<int>(ref _next);

    /// <summary>Begins again with all its tokens where they are of no use to the length that it is about to have.</summary>
    internal void Recompute()
    {
        if (Waiting > 0 || !Session.MustRecompute(Session.Cache.SeenTokens + 1))
            return;
        _prompt = [.. Session.Tokens, _next];
        BeginAgain();
    }

    /// <summary>Has all its tokens read anew.</summary>
    internal void BeginAgain()
    {
        Session.Rollback(0);
        Session.BeginPrompt(_prompt.Length);
    }

    /// <summary>Chooses a token from the logits of its last row.</summary>
    internal GeneratedToken Take(ReadOnlySpan<float> logits)
    {
        var token = _completion.Take(logits, Session.Cache.SeenTokens);
        _next = token.Id;
        return token;
    }
}
