using System.Buffers.Binary;
using System.Text;

namespace Octavo.UnitTests.Core.Tokenizers.SentencePiece;

/// <summary>Writes SentencePiece model files.</summary>
internal sealed class ModelFile
{
    private readonly List<byte> _bytes = [];

    /// <summary>A small model: unknown, begin, end, then pieces, then all bytes where wanted.</summary>
    /// <param name="type">1 unigram, 2 BPE.</param>
    /// <param name="bytes">Whether bytes have pieces.</param>
    /// <param name="pieces">Spellings with scores and types.</param>
    public static ModelFile Small(int type, bool bytes, params (string Piece, float Score, int Type)[] pieces)
    {
        var file = new ModelFile();
        file.Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3);
        foreach (var (piece, score, kind) in pieces)
            file.Piece(piece, score, kind);
        for (var value = 0; bytes && value < 256; value++)
            file.Piece($"<0x{value:X2}>", 0, 6);
        return file.Message(2, spec => spec.Number(3, type).Number(35, bytes ? 1 : 0));
    }

    public byte[] ToArray() => [.. _bytes];

    public string WriteTo(TokenizerFolder folder, string name = "tokenizer.model")
    {
        var path = Path.Combine(folder.Folder, name);
        File.WriteAllBytes(path, ToArray());
        return path;
    }

    public ModelFile Piece(string piece, float score, int type) => Message(1, inner => inner.Text(1, piece).Single(2, score).Number(3, type));

    public ModelFile Normalizer(bool prefix, bool remove, byte[]? map = null) =>
        Message(3, spec => spec.Bytes(2, map ?? []).Number(3, prefix ? 1 : 0).Number(4, remove ? 1 : 0));

    public ModelFile Message(int field, Action<ModelFile> write)
    {
        var inner = new ModelFile();
        write(inner);
        return Bytes(field, inner.ToArray());
    }

    public ModelFile Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public ModelFile Bytes(int field, byte[] bytes)
    {
        Varint((ulong)field << 3 | 2);
        Varint((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    public ModelFile Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ModelFile Single(int field, float value)
    {
        Varint((ulong)field << 3 | 5);
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public ModelFile Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
