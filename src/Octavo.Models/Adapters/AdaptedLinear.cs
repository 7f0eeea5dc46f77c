using Octavo.Models.Conversion;

namespace Octavo.Models.Adapters;

/// <summary>
/// A matrix of a description under the name by which adapters know it, which is that of what is stored: a stored matrix may be several of a
/// description's.
/// </summary>
/// <param name="Linear">The matrix.</param>
/// <param name="HeadDim">Width of a head, for rows that a GGUF file orders in rotary pairs; 1 where there are no heads.</param>
/// <param name="IsHead">Whether it is one of the model's heads.</param>
internal sealed record AdaptedLinear(Linear Linear, int HeadDim = 1, bool IsHead = false)
{
    private const string Suffix = ".weight";

    /// <summary>The module: the stored tensor's name without <c>.weight</c>.</summary>
    public string Module => Linear.W.Name.EndsWith(Suffix, StringComparison.Ordinal) ? Linear.W.Name[..^Suffix.Length] : Linear.W.Name;

    /// <summary>Columns of the stored matrix.</summary>
    public int Inputs => Linear.W.Shape[^1];

    /// <summary>Rows of the stored matrix; leading dimensions count as one.</summary>
    public int Outputs => (int)(ModelListing.Elements(Linear.W) / Inputs);

    /// <summary>Every matrix of a model that may be adapted; tied heads are none, since what they store is the embedding table.</summary>
    public static IReadOnlyList<AdaptedLinear> Of(TextModel model) =>
    [
        .. model.Stacks.SelectMany(stack => stack.Layers).SelectMany(layer => layer.Parts).SelectMany(part => Of(part.Mix)),
        .. model.Stacks.SelectMany(stack => stack.Heads.Where(head => head.Projection.W.Name != stack.Input.Table.Name))
            .Select(head => new AdaptedLinear(head.Projection, IsHead: true)),
    ];

    /// <summary>The same by module, in the same order: of the matrices that are one stored one, the first stands for it.</summary>
    public static Dictionary<string, AdaptedLinear> ByModule(TextModel model) =>
        Of(model).DistinctBy(matrix => matrix.Module).ToDictionary(matrix => matrix.Module, StringComparer.Ordinal);

    /// <summary>The stored row that a row of this matrix is, whatever the order of rows there.</summary>
    public int StoredRow(int row) => StoredRows.Of(Linear.Rows, row);

    /// <summary>The row of the checkpoint's own matrix, and so of an adapter's B and lengths, that a stored row is.</summary>
    /// <param name="storedRow">The stored row.</param>
    /// <param name="isGguf">Whether the matrix lies in a GGUF file, with its order of rows.</param>
    public int AdapterRow(int storedRow, bool isGguf) =>
        isGguf && Linear.W.GgufRows == RowOrder.RotaryPairs ? StoredRows.Unpaired(storedRow, HeadDim) : storedRow;

    private static IEnumerable<AdaptedLinear> Of(Mixer mixer) => mixer switch
    {
        Attention a => [new(a.Q, a.HeadDim), new(a.K, a.HeadDim), new(a.V, a.HeadDim), new(a.O)],
        Mlp m => [.. m.Gate is null ? [] : (AdaptedLinear[])[new(m.Gate)], new(m.Up), new(m.Down)],
        Experts e => [new(e.Router), .. e.Each.SelectMany(Of)],
        _ => [],
    };
}
