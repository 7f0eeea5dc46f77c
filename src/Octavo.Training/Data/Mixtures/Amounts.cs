using System.Globalization;
using Octavo.Core;

namespace Octavo.Training.Data.Mixtures;

/// <summary>How much is taken of each file of a mixture.</summary>
internal static class Amounts
{
    /// <summary>Checks that the numbers of a mixture fit together.</summary>
    /// <exception cref="ConfigException">They do not; the message names the file.</exception>
    public static void Check(IReadOnlyList<DatasetOptions> datasets)
    {
        foreach (var dataset in datasets)
        {
            double?[] given = [dataset.Count, dataset.Fraction, dataset.Amount, dataset.Weight];
            if (given.Count(number => number is not null) > 1)
                throw Wrong(dataset, "has more than one of count, fraction, amount and weight; give one");
            if (given.Any(number => number is not null and not (> 0 and < double.PositiveInfinity)))
                throw Wrong(dataset, "has a number that is not above 0");
            if (dataset.Fraction > 1)
                throw Wrong(dataset, $"has the fraction {Text(dataset.Fraction.Value)}, above 1; for a number of rows give count");
        }
        var weighted = datasets.Count(dataset => dataset.Weight is not null);
        if (weighted > 0 && weighted < datasets.Count)
            throw Wrong(
                datasets.First(dataset => dataset.Weight is null), "has no weight while others have one; give all a weight or none");
        if (!AreCounts(datasets))
            return;
        var share = datasets.FirstOrDefault(dataset =>
            dataset.Fraction is not null || (dataset.Amount is { } amount && (amount <= 1 || amount != Math.Floor(amount))));
        if (share is not null)
            throw Wrong(share, $"has the share {Text(share.Fraction ?? share.Amount!.Value)} "
                + "while others have counts; give counts or shares, not both");
    }

    /// <summary>How many rows are taken of a file.</summary>
    /// <param name="all">The whole mixture, checked.</param>
    /// <param name="dataset">The file.</param>
    /// <param name="rows">Its rows.</param>
    /// <exception cref="ConfigException">It has fewer rows than are wanted, or none is taken.</exception>
    public static int TakenOf(IReadOnlyList<DatasetOptions> all, DatasetOptions dataset, int rows)
    {
        if (AreCounts(all) && (dataset.Count ?? dataset.Amount) is { } count)
            return count <= rows ? (int)count : throw Wrong(dataset, $"has {rows} rows; {Text(count)} are wanted");
        // shares that are written in decimals miss whole numbers by a hair
        var taken = (int)Math.Floor((rows * (dataset.Fraction ?? dataset.Amount ?? 1)) + 1e-9);
        return taken > 0 ? taken : throw Wrong(dataset, $"has {rows} rows, of which its share takes none");
    }

    private static bool AreCounts(IReadOnlyList<DatasetOptions> datasets) =>
        datasets.Any(dataset => dataset.Count is not null || dataset.Amount > 1);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static ConfigException Wrong(DatasetOptions dataset, string problem) => new($"the data file {dataset.Path} {problem}.");
}
