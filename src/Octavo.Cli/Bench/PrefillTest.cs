using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>Reads a prompt into an empty cache, up to the logits of its last token.</summary>
/// <param name="tokens">Tokens of the prompt.</param>
internal sealed class PrefillTest(int tokens) : BenchTest
{
    private int[] _prompt = [];

    public override string Kind => "prefill";

    public override int Tokens => tokens;

    public override Operations Compute(Workload workload) => workload.Compute(0, tokens, projected: 1);

    public override void Prepare(BenchContext context)
    {
        _prompt = context.Tokens.Between(0, tokens);
        context.Session.Rollback(0);
    }

    public override void Run(BenchContext context) => context.Session.Forward(_prompt, null, context.CancellationToken);
}
