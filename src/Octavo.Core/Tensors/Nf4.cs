using System.Runtime.Intrinsics.X86;

namespace Octavo.Core.Tensors;

/// <summary>
/// NF4, the 4-bit type of QLoRA (arXiv 2305.14314), as bitsandbytes stores it: row-major over the whole tensor, blocks of 64 numbers that share
/// their largest magnitude, each number the nearest of 16 levels of it, two to a byte, the first in the high bits. The magnitudes may be
/// quantized in turn (<see cref="QuantizeScales"/>). Safe from any thread; parts that begin at whole blocks may be done side by side.
/// </summary>
public static class Nf4
{
    /// <summary>Numbers of a block.</summary>
    public const int Block = 64;

    /// <summary>Magnitudes of a block, where they are quantized in turn.</summary>
    public const int NestedBlock = 256;

    // quantiles of the normal distribution, an exact zero among them, as QLoRA's appendix E lists them
    private static readonly float[] _levels =
    [
        -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f, -0.18477343022823334f,
        -0.09105003625154495f, 0.0f, 0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f,
    ];

    private static readonly float[] _borders = Borders(_levels);
    private static readonly float[] _scaleLevels = DynamicLevels();
    private static readonly float[] _scaleBorders = Borders(_scaleLevels);

    /// <summary>The 16 levels, ascending; the code of a number is a level's place.</summary>
    public static ReadOnlySpan<float> CodeBook => _levels;

    /// <summary>The 256 levels of quantized magnitudes, ascending: a sign, a decimal exponent and a fraction that has fewer bits the smaller the number.</summary>
    public static ReadOnlySpan<float> ScaleCodeBook => _scaleLevels;

    /// <summary>Bytes of so many numbers' codes.</summary>
    /// <param name="numbers">How many numbers.</param>
    public static int PackedBytes(int numbers) => (int)(((long)numbers + 1) / 2);

    /// <summary>How many blocks, and so magnitudes, so many numbers have; the last block may be shorter.</summary>
    /// <param name="numbers">How many numbers.</param>
    public static int Blocks(int numbers) => (int)(((long)numbers + Block - 1) / Block);

    /// <summary>How many magnitudes of magnitudes there are.</summary>
    /// <param name="blocks">How many magnitudes.</param>
    public static int NestedBlocks(int blocks) => (int)(((long)blocks + NestedBlock - 1) / NestedBlock);

    /// <summary>Turns fp32 into codes and magnitudes.</summary>
    /// <param name="source">The numbers; of a part of a tensor they begin with a block.</param>
    /// <param name="packed"><see cref="PackedBytes"/> bytes; where the last number is alone in its byte, the low bits stand for 0.</param>
    /// <param name="scales"><see cref="Blocks"/> magnitudes.</param>
    /// <exception cref="ShapeException">A destination has another length.</exception>
    /// <exception cref="InputFileException">A number is not finite.</exception>
    public static void Quantize(ReadOnlySpan<float> source, Span<byte> packed, Span<float> scales)
    {
        Require("packed", packed.Length, PackedBytes(source.Length), source.Length);
        Require("scales", scales.Length, Blocks(source.Length), source.Length);
        Span<float> padded = stackalloc float[Block];
        Span<byte> bytes = stackalloc byte[Block / 2];
        for (int block = 0, at = 0; at < source.Length; block++, at += Block)
        {
            if (source.Length - at >= Block)
            {
                scales[block] = Nf4Block.Quantize(source.Slice(at, Block), _borders, packed.Slice(at / 2, Block / 2));
            }
            else
            {
                padded.Clear();
                source[at..].CopyTo(padded);
                scales[block] = Nf4Block.Quantize(padded, _borders, bytes);
                bytes[..(packed.Length - (at / 2))].CopyTo(packed[(at / 2)..]);
            }
            if (!float.IsFinite(scales[block]))
                throw NotFinite(source, at);
        }
    }

    /// <summary>Turns codes into fp32.</summary>
    /// <param name="packed">The codes; of a part of a tensor they begin with a block.</param>
    /// <param name="scales">The magnitude of each block.</param>
    /// <param name="destination">As many numbers as are meant.</param>
    /// <exception cref="ShapeException">A source has another length than the destination needs.</exception>
    public static void Dequantize(ReadOnlySpan<byte> packed, ReadOnlySpan<float> scales, Span<float> destination)
    {
        Require("packed", packed.Length, PackedBytes(destination.Length), destination.Length);
        Require("scales", scales.Length, Blocks(destination.Length), destination.Length);
        var whole = Avx2.IsSupported ? destination.Length / Block : 0;
        if (whole > 0)
            Nf4Block.Dequantize(packed, scales[..whole], _levels, destination);
        for (var i = whole * Block; i < destination.Length; i++)
        {
            var both = packed[i / 2];
            destination[i] = _levels[i % 2 == 0 ? both >> 4 : both & 15] * scales[i / Block];
        }
    }

    /// <summary>
    /// Quantizes magnitudes: their mean is taken off, and what is left is stored in 8 bits (<see cref="ScaleCodeBook"/>) of the largest of each
    /// 256. The blocks count over all magnitudes of a tensor, so they are given at once.
    /// </summary>
    /// <param name="scales">All magnitudes of a tensor.</param>
    /// <param name="codes">As many codes.</param>
    /// <param name="nested"><see cref="NestedBlocks"/> magnitudes of what is left.</param>
    /// <returns>The mean.</returns>
    /// <exception cref="ShapeException">A destination has another length.</exception>
    public static float QuantizeScales(ReadOnlySpan<float> scales, Span<byte> codes, Span<float> nested)
    {
        Require("codes", codes.Length, scales.Length, scales.Length);
        Require("nested", nested.Length, NestedBlocks(scales.Length), scales.Length);
        var sum = 0.0;
        foreach (var scale in scales)
            sum += scale;
        var mean = scales.Length == 0 ? 0 : (float)(sum / scales.Length);
        for (var block = 0; block < nested.Length; block++)
        {
            var part = scales[(block * NestedBlock)..Math.Min(scales.Length, (block + 1) * NestedBlock)];
            var largest = 0f;
            foreach (var scale in part)
                largest = MathF.Max(largest, MathF.Abs(scale - mean));
            nested[block] = largest;
            for (var i = 0; i < part.Length; i++)
                codes[(block * NestedBlock) + i] = (byte)Nearest(_scaleBorders, largest == 0 ? 0 : (part[i] - mean) / largest);
        }
        return mean;
    }

    /// <summary>Turns quantized magnitudes into fp32.</summary>
    /// <param name="codes">The codes; of a part of a tensor they begin with one of the nested blocks.</param>
    /// <param name="nested">The magnitude of each 256.</param>
    /// <param name="mean">What <see cref="QuantizeScales"/> returned.</param>
    /// <param name="scales">As many magnitudes.</param>
    /// <exception cref="ShapeException">A source has another length than the destination needs.</exception>
    public static void DequantizeScales(ReadOnlySpan<byte> codes, ReadOnlySpan<float> nested, float mean, Span<float> scales)
    {
        Require("codes", codes.Length, scales.Length, scales.Length);
        Require("nested", nested.Length, NestedBlocks(scales.Length), scales.Length);
        for (var i = 0; i < scales.Length; i++)
            scales[i] = (_scaleLevels[codes[i]] * nested[i / NestedBlock]) + mean;
    }

    /// <summary>The place of the nearest level; of two as near, the lower.</summary>
    private static int Nearest(float[] borders, float number)
    {
        var (low, high) = (0, borders.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (number > borders[middle])
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    // halfway between neighbours
    private static float[] Borders(float[] levels) =>
        [.. Enumerable.Range(0, levels.Length - 1).Select(i => (float)(((double)levels[i] + levels[i + 1]) / 2))];

    /// <summary>
    /// For each decimal exponent e from −6 to 0 the middles of 2^(e+6) equal steps from 0.1 to 1, times 10^e, with both signs; 0 and 1.
    /// </summary>
    private static float[] DynamicLevels()
    {
        List<float> levels = [0, 1];
        for (var bits = 0; bits < 7; bits++)
        {
            var steps = 1 << bits;
            var power = (float)Math.Pow(10, bits - 6);
            for (var i = 0; i < steps; i++)
            {
                var middle = power * (float)(0.1 + (0.9 * (i + 0.5) / steps));
                levels.AddRange([middle, -middle]);
            }
        }
        levels.Sort();
        return [.. levels];
    }

    private static InputFileException NotFinite(ReadOnlySpan<float> source, int from)
    {
        var at = from;
        while (float.IsFinite(source[at]))
            at++;
        return new InputFileException($"Number {at} is {source[at]}; NF4 holds finite numbers only.");
    }

    private static void Require(string what, int length, int needed, int numbers)
    {
        if (length != needed)
            throw new ShapeException($"{numbers} numbers of NF4 take {needed} {what}; {length} are given.");
    }
}
