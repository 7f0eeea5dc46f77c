using Octavo.Core.Store;
using Octavo.Engine;
using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Running;

namespace Octavo.Systems.ScBench.Matrix;

/// <summary>What the matrix needs of the command line.</summary>
/// <param name="Kv">Reads a type and a method for keys and values, as <c>--kv</c> takes them.</param>
/// <param name="Fingerprint">Of a resolved model.</param>
/// <param name="Asked">What is told of each prompt of a resolved model before it is read, and may refuse it; null where nothing is.</param>
internal sealed record MatrixTools(
    Func<string, (KvType? Type, string? Method)> Kv, Func<string, string> Fingerprint, Func<string, Action<LanguageModel, IReadOnlyList<int>>?> Asked);

/// <summary><c>octavo scbench matrix</c> as a study: it claims nothing, and shows what each method costs and breaks.</summary>
internal sealed class MatrixStudy(MatrixConfig config, MatrixTools tools) : Study
{
    private readonly IReadOnlyList<KvSetting> _methods = config.Settings(tools.Kv);

    public override string Name => "scbench-matrix";

    public override string Summary => "Methods for keys and values on tasks, lengths, modes and seeds.";

    public override StudyPlan Plan(StudyHost host) => MatrixPlan.Of(config, _methods, [.. config.Models.Select(model => tools.Fingerprint(host.Models.Resolve(model)))]);

    public override IStudyBench Open(StudyHost host) => new MatrixBench(config, _methods, tools, Paths(host.Models));

    private Dictionary<string, string> Paths(ModelStore models) => config.Models.ToDictionary(MatrixPlan.NameOf, models.Resolve);
}
