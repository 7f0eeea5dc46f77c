using Octavo.Engine.Kernels;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Keys or values [heads][n][d] whose first tokens are quantized in groups, with the functions that the engine's packed pages use.</summary>
internal sealed class QuantizedHeads
{
    private readonly int _bits;
    private readonly List<int> _codes = [];
    private readonly List<float> _scales = [];
    private readonly List<float> _zeros = [];

    /// <param name="numbers">[heads][n][d]; those of the first tokens become what their codes stand for.</param>
    /// <param name="heads">How many heads.</param>
    /// <param name="headDim">d.</param>
    /// <param name="tokens">Tokens of each head that are quantized.</param>
    /// <param name="group">Numbers of a group.</param>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="isKey">Groups of tokens of one channel (keys), or of channels of one token (values).</param>
    public QuantizedHeads(float[] numbers, int heads, int headDim, int tokens, int group, int bits, bool isKey)
    {
        _bits = bits;
        var n = numbers.Length / (heads * headDim);
        var (rows, columns) = isKey ? (tokens / group, headDim) : (tokens, headDim / group);
        var (step, rowStep, columnStep) = isKey ? (headDim, group * headDim, 1) : (1, headDim, group);
        for (var head = 0; head < heads; head++)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                    Quantize(numbers, (head * n * headDim) + (row * rowStep) + (column * columnStep), step, group);
            }
        }
        Packed = isKey ? PackTokens(rows * heads, headDim, group) : [.. _codes.Chunk(32 / bits).Select(Word)];
    }

    /// <summary>Steps, and smallest numbers, by head, then as the groups lie.</summary>
    public float[] Scales => [.. _scales];

    public float[] Zeros => [.. _zeros];

    /// <summary>Codes in words of 32 bits, the first in the lowest bits.</summary>
    public long[] Packed { get; }

    private void Quantize(float[] numbers, int first, int step, int group)
    {
        var values = Enumerable.Range(0, group).Select(i => numbers[first + (i * step)]).ToArray();
        var (scale, zero) = GroupCodes.Range(values, _bits);
        _scales.Add(scale);
        _zeros.Add(zero);
        for (var i = 0; i < group; i++)
        {
            var code = GroupCodes.Code(values[i], scale, zero, _bits);
            _codes.Add(code);
            numbers[first + (i * step)] = (code * scale) + zero;
        }
    }

    /// <summary>Codes lie by group and channel; words go along tokens: [rows · words of a group][d].</summary>
    private long[] PackTokens(int rows, int headDim, int group)
    {
        List<long> words = [];
        var per = 32 / _bits;
        for (var row = 0; row < rows; row++)
        {
            for (var word = 0; word < group / per; word++)
            {
                for (var channel = 0; channel < headDim; channel++)
                    words.Add(Word([.. _codes.Skip((((row * headDim) + channel) * group) + (word * per)).Take(per)]));
            }
        }
        return [.. words];
    }

    private long Word(int[] codes) => codes.Select((code, i) => (long)code << (i * _bits)).Sum();
}
