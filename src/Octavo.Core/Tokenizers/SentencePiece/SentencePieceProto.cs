namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>What a SentencePiece model file says; names and defaults are those of its message.</summary>
internal sealed class SentencePieceProto
{
    /// <summary>The field <c>unk_surface</c> where the file does not say.</summary>
    public const string DefaultUnknownText = " \u2047 ";

    private SentencePieceProto()
    {
    }

    public List<string> Pieces { get; } = [];

    public List<float> Scores { get; } = [];

    public List<TokenKind> Kinds { get; } = [];

    /// <summary>1 unigram, 2 byte-pair encoding, 3 words, 4 characters.</summary>
    public int ModelType { get; private set; } = 1;

    public bool TreatWhitespaceAsSuffix { get; private set; }

    public int BosId { get; private set; } = 1;

    public int EosId { get; private set; } = 2;

    public string UnknownText { get; private set; } = DefaultUnknownText;

    public byte[] CharacterMap { get; private set; } = [];

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraWhitespaces { get; private set; } = true;

    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>Whether decoded texts are rewritten by rules of their own.</summary>
    public bool HasDenormalizer { get; private set; }

    /// <summary>Reads a file's content.</summary>
    /// <exception cref="InputFileException">It breaks a rule of the format.</exception>
    public static SentencePieceProto Read(ReadOnlySpan<byte> bytes, string file)
    {
        var proto = new SentencePieceProto();
        var reader = new ProtobufReader(bytes, file);
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    proto.ReadPiece(new ProtobufReader(reader.Bytes(), $"{file}: piece {proto.Pieces.Count}"));
                    break;
                case 2:
                    proto.ReadTrainer(new ProtobufReader(reader.Bytes(), $"{file}: trainer_spec"));
                    break;
                case 3:
                    proto.ReadNormalizer(new ProtobufReader(reader.Bytes(), $"{file}: normalizer_spec"));
                    break;
                case 5:
                    proto.ReadDenormalizer(new ProtobufReader(reader.Bytes(), $"{file}: denormalizer_spec"));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return proto;
    }

    private void ReadPiece(ProtobufReader reader)
    {
        var (piece, score, kind) = ("", 0f, (int)TokenKind.Normal);
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    piece = reader.Text();
                    break;
                case 2:
                    score = reader.Single();
                    break;
                case 3:
                    kind = reader.Int();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        Pieces.Add(piece);
        Scores.Add(score);
        Kinds.Add(kind is >= (int)TokenKind.Normal and <= (int)TokenKind.Byte ? (TokenKind)kind : TokenKind.None);
    }

    private void ReadTrainer(ProtobufReader reader)
    {
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 3:
                    ModelType = reader.Int();
                    break;
                case 24:
                    TreatWhitespaceAsSuffix = reader.Flag();
                    break;
                case 41:
                    BosId = reader.Int();
                    break;
                case 42:
                    EosId = reader.Int();
                    break;
                case 44:
                    UnknownText = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadNormalizer(ProtobufReader reader)
    {
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 2:
                    CharacterMap = reader.Bytes().ToArray();
                    break;
                case 3:
                    AddDummyPrefix = reader.Flag();
                    break;
                case 4:
                    RemoveExtraWhitespaces = reader.Flag();
                    break;
                case 5:
                    EscapeWhitespaces = reader.Flag();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadDenormalizer(ProtobufReader reader)
    {
        while (reader.Next(out var field))
        {
            if (field == 2)
                HasDenormalizer |= reader.Bytes().Length > 0;
            else
                reader.Skip();
        }
    }
}
