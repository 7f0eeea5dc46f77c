using Octavo.Evaluation.TextMetrics;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Stems of words.</summary>
internal sealed class PorterRunner : GoldenRunner
{
    public override string Kind => "text.porter";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var check = new CaseCheck("stem");
        foreach (var entry in golden.Cases(context))
        {
            var word = entry.GetProperty("word").GetString()!;
            check.AddText(word, PorterStemmer.Stem(word), entry.GetProperty("stem").GetString()!);
        }
        return CaseCheck.Outcomes(check);
    }
}
