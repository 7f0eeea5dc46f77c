using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>
/// How rows of one type lie once they are packed: eight rows side by side, so that a vector holds four columns of each row and no
/// lane is ever summed across. A block is 8 rows × 32 columns:
/// <list type="bullet">
/// <item>quads: vector i in 0…3 has row r's columns 4i…4i+3 in bytes 4r…4r+3, as low halves; columns 16+4i… are the high halves.
/// Types of 8 bits have eight vectors of whole bytes instead, in the order of the columns.</item>
/// <item>further bits: 5 bits add one vector whose bit i in byte (r, c) is the fifth bit of column 4i+c; 6 bits add two vectors, each with
/// two bits for each of four quads.</item>
/// <item>scales: eight fp16 scales, then eight minima where the type has them. Types of 256 columns have bytes here
/// (8 scales, 8 minima; Q6_K 16 scales), and fp16 factors for them in a header of the superblock.</item>
/// </list>
/// Numbers are unsigned; <see cref="ZeroShift"/> says what was added.
/// </summary>
/// <param name="Type">The stored type.</param>
/// <param name="Bits">Bits of a number: 4, 5, 6 or 8.</param>
/// <param name="SuperBlocks">Blocks that share a header: 1 (no header) or 8.</param>
/// <param name="HeaderBytes">Bytes of the header.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="ZeroShift">The number 2^ZeroShift stands for zero; 0 where zero is zero.</param>
/// <param name="HasMin">Whether a minimum is added to each number.</param>
/// <param name="HasHalves">Whether each half of a block has a scale of its own.</param>
internal sealed record PackedFormat(
    TensorType Type, int Bits, int SuperBlocks, int HeaderBytes, int BlockBytes, int ZeroShift, bool HasMin, bool HasHalves)
{
    /// <summary>Rows of a group.</summary>
    public const int Rows = 8;

    private static readonly PackedFormat[] _all =
    [
        new(TensorType.Q4_0, 4, 1, 0, 128 + 16, 3, false, false),
        new(TensorType.Q4_1, 4, 1, 0, 128 + 32, 0, true, false),
        new(TensorType.Q5_0, 5, 1, 0, 160 + 16, 4, false, false),
        new(TensorType.Q5_1, 5, 1, 0, 160 + 32, 0, true, false),
        new(TensorType.Q8_0, 8, 1, 0, 256 + 16, 7, false, false),
        new(TensorType.Q4_K, 4, 8, 32, 128 + 16, 0, true, false),
        new(TensorType.Q5_K, 5, 8, 32, 160 + 16, 0, true, false),
        new(TensorType.Q6_K, 6, 8, 16, 192 + 16, 5, false, true),
    ];

    /// <summary>Every format.</summary>
    public static IReadOnlyList<PackedFormat> All => _all;

    /// <summary>Columns that share a header.</summary>
    public int SuperColumns => SuperBlocks * 32;

    /// <summary>The format of a type, or null where rows of it stay as they are stored.</summary>
    public static PackedFormat? Of(TensorType type) => Array.Find(_all, format => format.Type == type);

    /// <summary>Bytes of eight rows.</summary>
    /// <param name="columns">A multiple of <see cref="SuperColumns"/>.</param>
    public long GroupBytes(int columns) => columns / SuperColumns * (HeaderBytes + ((long)SuperBlocks * BlockBytes));

    /// <summary>Bytes of a matrix; the last group is whole.</summary>
    public long ByteLength(int rows, int columns) => (rows + Rows - 1) / Rows * GroupBytes(columns);
}

/// <summary>Consecutive rows of a packed matrix, from the beginning of a group.</summary>
/// <param name="data">The first group's first byte.</param>
/// <param name="format">How the numbers lie.</param>
/// <param name="rows">How many rows; the group that holds the last one is whole.</param>
/// <param name="columns">Numbers per row.</param>
/// <param name="groupBytes">Bytes of eight rows.</param>
internal readonly unsafe struct PackedRows(byte* data, PackedFormat format, int rows, int columns, long groupBytes)
{
    public readonly byte* Data = data;
    public readonly PackedFormat Format = format;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly long GroupBytes = groupBytes;

    public PackedRows(byte* data, PackedFormat format, int rows, int columns)
        : this(data, format, rows, columns, format.GroupBytes(columns))
    {
    }

    /// <summary>Rows from <paramref name="first"/> on, a multiple of 8.</summary>
    public PackedRows Slice(int first, int rows) => first % PackedFormat.Rows != 0
        ? throw new ArgumentOutOfRangeException(nameof(first), first, $"Packed rows begin at multiples of {PackedFormat.Rows}.")
        : new(Data + (first / PackedFormat.Rows * GroupBytes), Format, rows, Columns, GroupBytes);
}
