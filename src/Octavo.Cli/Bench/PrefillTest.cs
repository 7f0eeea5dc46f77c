using Octavo.Cli.Output;
using Octavo.Engine;
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

    public override void Prepare(Session session, BenchTokens tokens, StatusLine status, CancellationToken cancellationToken)
    {
        _prompt = tokens.Between(0, Tokens);
        session.Rollback(0);
    }

    public override void Run(Session session, BenchTokens tokens, CancellationToken cancellationToken) =>
        session.Forward(_prompt, null, cancellationToken);
}
