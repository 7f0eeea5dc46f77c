using System.Globalization;
using System.Security.Cryptography;
using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Matrix;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench.Studies;

/// <summary>
/// <c>octavo study scbench</c>: the findings of SCBench that a toy can show. A seed is a toy of its own, trained from it, with contexts of its own; that of
/// the toy that comes with Octavo is 1.
/// </summary>
internal sealed class ToyStudy : Study
{
    public const string Kept = "kept";
    public const int Turns = 5;

    /// <summary>The seed of the bundled toy.</summary>
    public const ulong BundledSeed = 1;

    /// <summary>Contexts of each cell.</summary>
    public const int Contexts = 256;

    public override string Name => "scbench";

    public override string Summary => "What methods for keys and values break when questions share a context: SCBench's findings on three toys.";

    public override StudyPlan Plan(StudyHost host) => PlanOf(Weights(host.Models.Resolve(ToyModel.Id)), Contexts);

    public override IStudyBench Open(StudyHost host) => new ToyBench(host, Contexts);

    /// <summary>The plan for toys that were trained and contexts of some number.</summary>
    internal static StudyPlan PlanOf(string weights, int contexts) => new()
    {
        Name = "scbench",
        Title = "What methods for keys and values break when questions share a context",
        About =
        [
            "Three toys of two layers look up keys in a context of 32 triples (97 tokens); five questions share it. Each seed has a toy trained from it and contexts drawn from it; seed 1 is the toy that "
            + "comes with Octavo. Accuracy is the share of questions both words of whose answer are right. The findings are those of SCBench (arXiv 2412.10319), section 6.4 of the checks.",
            "Kept is the share of the context's tokens that each head keeps or, of quest and retrieval_attention, reads for each token. Random is the control: the same budget, spent on tokens that are drawn.",
            "kivi packs whole pages of 64 tokens of the prompt, so that the first 64 of 97 to 99 tokens are packed here and the rest is not. What the specification says of questions over several hops is not asked: "
            + "the toys have none.",
            "Bytes are those of whole pages of 64 tokens; at this length most methods fill a page of each head in any case.",
        ],
        Factors =
        [
            new(MatrixPlan.Mode, [MatrixConfig.MultiTurn, MatrixConfig.MultiRequest]), new(MatrixPlan.Method, [.. ToySettings.List.Select(setting => setting.Method).Distinct()]),
            new(Kept, [ToySettings.All, .. ToySettings.Shares]), new(MatrixPlan.Turn, [.. Enumerable.Range(1, Turns).Select(turn => turn.ToString(CultureInfo.InvariantCulture))]),
        ],
        Seeds = [1, 2, 3],
        Metrics = TurnFigures.Metrics,
        Settings = [("contexts", contexts.ToString(CultureInfo.InvariantCulture)), ("bundled toy", weights), ("compared tokens", ToyBench.Compared.ToString(CultureInfo.InvariantCulture))],
        Includes = cell => Of(cell) is not null,
        SharedWork = [MatrixPlan.Mode],
        Claims = ToyClaims.All,
        Qualification = new StudyQualification(TurnFigures.Accuracy, [(MatrixPlan.Method, ToySettings.Full), (Kept, ToySettings.All)]) { Apart = [MatrixPlan.Mode] },
        Views = Views(),
    };

    /// <summary>A cell's setting; null where there is none.</summary>
    internal static ToySetting? Of(StudyCell cell) => ToySettings.List.FirstOrDefault(setting => setting.Method == cell[MatrixPlan.Method] && setting.Kept == cell[Kept]);

    private static StudyView[] Views()
    {
        var swept = CellSelection.Of(
            (MatrixPlan.Method, [ToySettings.SnapKv, ToySettings.StreamingLlm, ToySettings.Quest, ToySettings.Random]), (Kept, [.. ToySettings.Shares]));
        var conversations = CellSelection.Of((MatrixPlan.Mode, [MatrixConfig.MultiTurn]));
        // bytes are those of pages, so that smaller shares lie on one another
        var shown = CellSelection.Of((MatrixPlan.Mode, [MatrixConfig.MultiTurn]), (Kept, [ToySettings.All, "1/2", "1/4"]));
        var full = CellSelection.Of((MatrixPlan.Method, [ToySettings.Full]), (MatrixPlan.Turn, ["2", "3", "4", "5"]));
        return
        [
            new StudyTable("Accuracy by turn", TurnFigures.Accuracy, [MatrixPlan.Method, Kept], MatrixPlan.Turn) { Each = MatrixPlan.Mode },
            new StudyCurves("Accuracy over turns, a quarter kept", TurnFigures.Accuracy, MatrixPlan.Turn, [MatrixPlan.Method])
            {
                Cells = CellSelection.Of((MatrixPlan.Mode, [MatrixConfig.MultiTurn]), (Kept, ["1/4"])),
            },
            new StudyCurves("Accuracy over the share that is kept, all turns", TurnFigures.Accuracy, Kept, [MatrixPlan.Method]) { Cells = swept, Each = MatrixPlan.Mode },
            new StudyPareto("Accuracy and bytes that stay stored, conversations", TurnFigures.Stored, TurnFigures.Accuracy, [MatrixPlan.Method, Kept]) { Cells = shown },
            new StudyPareto("Accuracy and time to the first token, conversations", TurnFigures.FirstToken, TurnFigures.Accuracy, [MatrixPlan.Method, Kept]) { Cells = shown },
            new StudySummary(
                "What methods cost, conversations",
                [TurnFigures.Accuracy, TurnFigures.Stored, TurnFigures.Peak, TurnFigures.FirstToken, TurnFigures.PerToken, TurnFigures.Flops, TurnFigures.Computed],
                [MatrixPlan.Method, Kept]) { Cells = conversations },
            new StudyTable("Overlap of attention with the turn before", TurnFigures.Overlap, [MatrixPlan.Mode], MatrixPlan.Turn) { Cells = full },
        ];
    }

    private static string Weights(string toy) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(toy, "model.safetensors"))))[..16];
}
