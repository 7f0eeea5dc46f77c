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

    public override double? Bytes(Workload workload) => ((double)workload.WeightBytes * tokens) + workload.CacheBytes(depth, tokens);

    public override Operations Compute(Workload workload) => workload.Compute(depth, tokens, projected: tokens);

    public override void Prepare(BenchContext context)
    {
        var session = context.Session;
        // What another test left is the beginning of this context; what a repetition generated is forgotten.
        session.Rollback(Math.Min(depth, session.Tokens.Length));
        var filled = session.Tokens.Length;
        if (filled < depth)
            session.Forward(context.Tokens.Between(filled, depth), new FillProgress(context.Status, filled, depth), context.CancellationToken);
    }

    public override void Run(BenchContext context)
    {
        var next = context.Tokens.Between(depth, depth + 1)[0];
        for (var step = 0; step < tokens; step++)
            next = Logits.Best(context.Session.Forward([next], null, context.CancellationToken));
    }

    public override void Finish(BenchContext context) => context.Session.Rollback(depth);

    private sealed class FillProgress(StatusLine status, int filled, int depth) : IProgress<int>
    {
        public void Report(int value) => status.Report($"filling the cache: {filled + value} of {depth} tokens");
    }
}
