using Octavo.Cli.Output;
using Octavo.Engine;
using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>Generates tokens one after the other, the most likely each time, after a context that is filled once.</summary>
/// <param name="depth">Tokens of the context.</param>
/// <param name="tokens">Tokens to generate.</param>
internal sealed class DecodeTest(int depth, int tokens) : BenchTest
{
    public override string Kind => "decode";

    public override int Tokens => tokens;

    public override int Depth => depth;

    public override double? Bytes(Workload workload) => workload.DecodeBytes(depth, tokens);

    public override Operations Compute(Workload workload) => workload.Compute(depth, tokens, projected: tokens);

    public override void Prepare(Session session, BenchTokens tokens, StatusLine status, CancellationToken cancellationToken)
    {
        // What a shorter test left is the beginning of this context; what a repetition generated is forgotten.
        session.Rollback(Math.Min(depth, session.Tokens.Length));
        var filled = session.Tokens.Length;
        if (filled < depth)
            session.Forward(tokens.Between(filled, depth), new FillProgress(status, filled, depth), cancellationToken);
    }

    public override void Run(Session session, BenchTokens tokens, CancellationToken cancellationToken)
    {
        var next = tokens.Between(depth, depth + 1)[0];
        for (var step = 0; step < Tokens; step++)
            next = Logits.Best(session.Forward([next], null, cancellationToken));
    }

    private sealed class FillProgress(StatusLine status, int filled, int depth) : IProgress<int>
    {
        public void Report(int value) => status.Report($"filling the cache: {filled + value} of {depth} tokens");
    }
}
