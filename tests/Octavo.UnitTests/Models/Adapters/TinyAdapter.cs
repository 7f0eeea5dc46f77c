using Octavo.Core;
using Octavo.Models;
using Octavo.Models.Adapters;

namespace Octavo.UnitTests.Models.Adapters;

/// <summary>Adapters of random numbers for any model.</summary>
internal static class TinyAdapter
{
    /// <summary>Makes one; B is 0 where <paramref name="spread"/> is.</summary>
    public static Adapter Make(TextModel model, ulong seed, AdapterConfig? config = null, double spread = 0.1)
    {
        config ??= All();
        var random = new SeededRandom(seed);
        List<AdapterModule> modules = [];
        foreach (var matrix in AdaptedLinear.ByModule(model).Values.Where(matrix => config.Targets(matrix.Module, matrix.IsHead)))
        {
            var rank = config.RankOf(matrix.Module);
            modules.Add(new AdapterModule(
                matrix.Module, rank, Numbers(random, rank * matrix.Inputs, 1 / Math.Sqrt(matrix.Inputs)), Numbers(random, matrix.Outputs * rank, spread),
                config.Dora ? Numbers(random, matrix.Outputs, 0.3).Select(number => 1 + number).ToArray() : default));
        }
        return new Adapter(config, modules);
    }

    /// <summary>A configuration for every matrix.</summary>
    public static AdapterConfig All(bool dora = false, bool stabilized = false, int rank = 5) => new()
    {
        Rank = rank,
        Alpha = 7,
        Dora = dora,
        RankStabilized = stabilized,
        TargetPattern = "all-linear",
    };

    private static float[] Numbers(SeededRandom random, int count, double spread) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextGaussian() * spread))];
}
