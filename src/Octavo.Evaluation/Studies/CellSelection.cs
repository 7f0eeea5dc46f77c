namespace Octavo.Evaluation.Studies;

/// <summary>Cells of a plan: those that have one of the values of each factor that is named; a factor that is not is not asked.</summary>
/// <param name="Where">A factor's name and the values that belong.</param>
internal sealed record CellSelection(IReadOnlyList<(string Factor, string[] Values)> Where)
{
    /// <summary>Every cell.</summary>
    public static CellSelection All { get; } = new([]);

    /// <summary>Selects by values, such as <c>CellSelection.Of(("method", ["snapkv"]), ("turn", ["2", "3"]))</c>.</summary>
    public static CellSelection Of(params (string Factor, string[] Values)[] where) => new(where);

    public bool Has(StudyCell cell) => Where.All(one => one.Values.Contains(cell[one.Factor]));

    /// <summary>Such as "method snapkv, turn 2, 3".</summary>
    public override string ToString() =>
        Where.Count == 0 ? "all cells" : string.Join(" · ", Where.Select(one => $"{one.Factor} {string.Join(", ", one.Values)}"));
}
