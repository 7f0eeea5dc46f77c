using System.Text.Unicode;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>Puts texts together to blocks. For one thread.</summary>
/// <param name="take">Takes each block that is full.</param>
internal sealed class TextBlocks(Action<TextBlock> take)
{
    /// <summary>From this many bytes on a block is full.</summary>
    public const int FullLength = 1 << 15;

    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[FullLength * 2];
    private int _length;

    /// <summary>Adds a text.</summary>
    /// <param name="text">The text; nothing is added where it is empty.</param>
    /// <param name="place">What is known of its place, for the error.</param>
    /// <exception cref="InputFileException">It is no text.</exception>
    public void Add(ReadOnlySpan<byte> text, string place)
    {
        if (text.IsEmpty)
            return;
        if (!Utf8.IsValid(text) || text.Contains((byte)0))
            throw new InputFileException($"{place}: no UTF-8 text. Save it in UTF-8, or leave it out.");
        if (_length + text.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + text.Length, _bytes.Length * 2));
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
        _ends.Add(_length);
        if (_length >= FullLength)
            Flush();
    }

    /// <summary>Gives out what is there.</summary>
    public void Flush()
    {
        if (_length == 0)
            return;
        take(new TextBlock(_bytes[.._length], [.. _ends]));
        _length = 0;
        _ends.Clear();
    }
}
