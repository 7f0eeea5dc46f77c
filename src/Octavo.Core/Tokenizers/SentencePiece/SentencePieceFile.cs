using Octavo.Core.Tokenizers.Inputs;
using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.Normalizers;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>Reads tokenizers from SentencePiece model files.</summary>
internal static class SentencePieceFile
{
    private const long LargestBytes = 64L << 20;
    private const int Unigram = 1;

    /// <summary>The model type of byte-pair encoding.</summary>
    public const int Bpe = 2;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputFileException">It cannot be read or breaks a rule.</exception>
    /// <exception cref="UnsupportedException">It says something that is not supported.</exception>
    public static SentencePieceTokenizer Read(string file)
    {
        var proto = SentencePieceProto.Read(ReadBytes(file), file);
        Check(proto, file);
        using var config = TokenizerConfig.Open(file);
        var added = config is null ? [] : SentencePieceConfig.ReadAdded(config, proto);
        var vocabulary = new Vocabulary([.. proto.Pieces], [.. proto.Kinds], (first, second) => new InputFileException(
            $"{file}: pieces {first} and {second} are both '{proto.Pieces[first]}'; a piece may stand there once. Download the file again."));
        var model = new SentencePieceModel(vocabulary, [.. proto.Scores],
            proto.Kinds.IndexOf(TokenKind.Unknown) is >= 0 and var id ? id : null)
        {
            Symbols = new UserSymbols(vocabulary),
        };
        var parts = new SentencePieceParts(proto.ModelType == Unigram ? "SentencePiece unigram" : "SentencePiece BPE", model,
            proto.ModelType == Unigram)
        {
            Map = CharacterMap.Read(proto.CharacterMap, file),
            AddsSpace = proto.AddDummyPrefix,
            SpaceIsSuffix = proto.TreatWhitespaceAsSuffix,
            RemovesSpaces = proto.RemoveExtraWhitespaces,
            WritesSign = proto.EscapeWhitespaces,
            UnknownText = proto.UnknownText,
        };
        return parts.Build(ReadSpecial(proto, vocabulary, config), new AddedTokenTrie(added.Concat(Controls(proto))));
    }

    /// <summary>A file's content.</summary>
    public static byte[] ReadBytes(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length <= LargestBytes
                ? File.ReadAllBytes(file)
                : throw new InputFileException(
                    $"{file} has {length} bytes; at most {LargestBytes} are read. This is not a tokenizer's file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{file} cannot be read: {exception.Message}", exception);
        }
    }

    private static void Check(SentencePieceProto proto, string file)
    {
        if (proto.Pieces.Count is 0 or > Vocabulary.LargestSize)
            throw new InputFileException(
                $"{file} has {proto.Pieces.Count} pieces; 1 to {Vocabulary.LargestSize} are allowed. It is no " +
                "SentencePiece model.");
        if (proto.ModelType is not (Unigram or Bpe))
            throw new UnsupportedException(
                $"{file}: model_type {proto.ModelType} is not supported. Supported: 1 (unigram), 2 (BPE).");
        if (proto.HasDenormalizer)
            throw new UnsupportedException(
                $"{file}: rules that rewrite decoded texts (denormalizer_spec) are not supported. Supported: none.");
        for (var id = 0; id < proto.Pieces.Count; id++)
        {
            var kind = proto.Kinds[id];
            if (proto.Pieces[id].Length == 0 || float.IsNaN(proto.Scores[id]) || kind == TokenKind.None)
                throw new InputFileException(
                    $"{file}: piece {id} is empty, or has a score that is no number or a type beyond 1 to 6. The file is " +
                    "damaged; download it again.");
            if (kind == TokenKind.Byte && SentencePieceModel.ByteOf(proto.Pieces[id]) < 0)
                throw new InputFileException(
                    $"{file}: piece {id} is '{proto.Pieces[id]}' and said to be a byte, which is spelt <0x00> to <0xFF>. " +
                    "The file is damaged; download it again.");
            if (kind == TokenKind.Unused && proto.ModelType == Bpe)
                throw new UnsupportedException(
                    $"{file}: piece {id} is unused (type 5), which is not supported in BPE. Supported: unigram models " +
                    "with such pieces.");
        }
    }

    private static IEnumerable<AddedToken> Controls(SentencePieceProto proto) =>
        Enumerable.Range(0, proto.Pieces.Count).Where(id => proto.Kinds[id] == TokenKind.Control)
            .Select(id => new AddedToken(id, proto.Pieces[id], Special: true));

    private static SpecialIds ReadSpecial(SentencePieceProto proto, Vocabulary vocabulary, TokenizerConfig? config)
    {
        var bos = Named(proto.BosId, vocabulary);
        var eos = Named(proto.EosId, vocabulary);
        var layout = config is null ? InputLayout.Plain : SentencePieceConfig.ReadLayout(config, bos, eos);
        return new SpecialIds(bos, eos, layout, SpecialIds.StopIds(vocabulary, eos, null, null));
    }

    private static int? Named(int id, Vocabulary vocabulary) => vocabulary.Kind(id) == TokenKind.Control ? id : null;
}
