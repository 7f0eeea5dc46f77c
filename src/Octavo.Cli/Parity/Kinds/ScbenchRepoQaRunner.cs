using Octavo.Systems.ScBench.Scoring;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>How alike two pieces of code are, as RepoQA measures it.</summary>
internal sealed class ScbenchRepoQaRunner : GoldenRunner
{
    public override string Kind => "scbench.repoqa";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var (check, tolerance) = (new CaseCheck("similarity"), golden.Option("atol").GetDouble());
        foreach (var entry in golden.Cases(context))
        {
            var (candidate, reference) = (entry.GetProperty("candidate").GetString()!, entry.GetProperty("reference").GetString()!);
            var similarity = RepoQaSimilarity.Of(candidate, reference);
            check.AddNumber(CaseCheck.Quote(candidate), similarity, entry.GetProperty("similarity").GetDouble(), tolerance);
        }
        return CaseCheck.Outcomes(check);
    }
}
