namespace Octavo.Evaluation;

/// <summary>What two fingerprints differ in.</summary>
internal static class LineDifference
{
    /// <summary>The lines that only one of them has.</summary>
    public static string Of(IReadOnlyList<string> earlier, IReadOnlyList<string> now) =>
        string.Join("; ", earlier.Except(now).Concat(now.Except(earlier)).Where(line => line.Length > 0));
}
