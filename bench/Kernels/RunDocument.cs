using System.Text.Json;

namespace Octavo.Bench.Kernels;

/// <summary>A run of the bench as JSON keeps it. Names and units stay as they are; later versions only add to them.</summary>
/// <param name="Date">UTC, when the run ended.</param>
/// <param name="Limits">One for each set.</param>
/// <param name="Results">One for each line that was timed.</param>
internal sealed record RunDocument(DateTime Date, IReadOnlyList<SetLimits> Limits, IReadOnlyList<Result> Results)
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };
}

/// <summary>What one thread can do with a set at best, measured in the same run.</summary>
/// <param name="Set">The kernels' set.</param>
/// <param name="ReadBytes">Bytes of the buffer that was read.</param>
/// <param name="ReadGbS">10⁹ bytes/s of reading it with prefetching.</param>
/// <param name="Fp32GflopS">10⁹ operations/s of fused multiply-adds; one counts as two.</param>
/// <param name="Int8GopS">10⁹ operations/s of products of bytes that are summed.</param>
/// <param name="Int8Form">How they are summed.</param>
internal sealed record SetLimits(string Set, long ReadBytes, double ReadGbS, double Fp32GflopS, double Int8GopS, string Int8Form);

/// <summary>A timed call.</summary>
/// <param name="Set">The kernels' set.</param>
/// <param name="Part"><see cref="Products"/>, <see cref="Attend"/> or <see cref="Rows"/>.</param>
/// <param name="Name">The kernel; of attention with its query heads and their width.</param>
/// <param name="Type">Of the weights, or of keys and values; null where neither is read.</param>
/// <param name="Bits">Of the activations; null where they are not rounded.</param>
/// <param name="Columns">Numbers of a row; of a key.</param>
/// <param name="Tokens">Rows of activations; of attention the positions that are seen.</param>
/// <param name="Bytes">Weights, or keys and values, that a call reads.</param>
/// <param name="Operations">Of a call; a multiply-add counts as two.</param>
/// <param name="SecondsMedian">Of a call.</param>
/// <param name="SecondsBest">Of a call.</param>
internal sealed record Result(
    string Set, string Part, string Name, string? Type, int? Bits, int Columns, int Tokens, double Bytes, double Operations,
    double SecondsMedian, double SecondsBest)
{
    public const string Products = "products";
    public const string Attend = "attend";
    public const string Rows = "rows";

    public const string Packed = "packed";
    public const string Decode = "decode";
    public const string Prefill = "prefill";

    /// <summary>What the console shows it as.</summary>
    public string Title()
    {
        var bits = Bits is null ? null : $"{Bits} bits";
        var size = Part == Attend ? $"at {Tokens}" : $"{Columns} x{Tokens}";
        return string.Join(' ', new[] { Set, Name, Type, bits, size }.OfType<string>());
    }
}
