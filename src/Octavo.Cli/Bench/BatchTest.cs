using Octavo.Engine;
using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>Several sequences generate together, each its most likely tokens, after contexts of one length that differ in their last token.</summary>
/// <param name="depth">Tokens of each context.</param>
/// <param name="tokens">Tokens that each generates.</param>
/// <param name="batch">Sequences.</param>
internal sealed class BatchTest(int depth, int tokens, int batch) : BenchTest, IDisposable
{
    private readonly List<Session> _sessions = [];
    private Batch? _batch;

    public override string Kind => "decode";

    public override int Tokens => tokens;

    public override int Depth => depth;

    // one more: the step before the timed ones
    public override int Positions => depth + 1 + tokens;

    public override int Batch => batch;

    public override double? Bytes(Workload workload) =>
        ((double)workload.WeightBytes * tokens) + (batch * workload.CacheBytes(depth, tokens));

    public override Operations Compute(Workload workload) => workload.Compute(depth, tokens, projected: tokens) * batch;

    public override void Prepare(BenchContext context)
    {
        Fill(context);
        _batch?.Dispose();
        _batch = new Batch(context.Model, new BatchOptions { MaxSequences = batch });
        // one token that the step before the timed ones gives, and the timed ones
        var options = new GenerationOptions { MaxTokens = tokens + 1, IgnoreEnd = true, WithoutText = true };
        for (var i = 0; i < batch; i++)
            _batch.Join(Prompt(context, i), options, _sessions[i]);
        _batch.Step();
    }

    public override void Run(BenchContext context)
    {
        for (var step = 0; step < tokens; step++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            _batch!.Step();
        }
    }

    public override void Finish(BenchContext context) => Dispose();

    public void Dispose()
    {
        _batch?.Dispose();
        foreach (var session in _sessions)
            session.Dispose();
        _sessions.Clear();
    }

    /// <summary>Each sequence runs its own context: forks would share pages, which no two requests with different texts do.</summary>
    private void Fill(BenchContext context)
    {
        while (_sessions.Count < batch)
        {
            context.Status.Report($"filling the caches: {_sessions.Count} of {batch}");
            var session = context.Model.NewSession();
            _sessions.Add(session);
            if (depth > 0)
                session.Forward(context.Tokens.Between(0, depth), null, context.CancellationToken);
        }
        foreach (var session in _sessions)
            session.Rollback(Math.Min(depth, session.Tokens.Length));
    }

    private int[] Prompt(BenchContext context, int sequence) =>
        [.. context.Tokens.Between(0, depth), context.Tokens.Between(depth + sequence, depth + sequence + 1)[0]];
}
