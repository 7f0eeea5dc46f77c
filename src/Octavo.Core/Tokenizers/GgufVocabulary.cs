using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Inputs;

namespace Octavo.Core.Tokenizers;

/// <summary>Reads what all kinds of tokenizers in GGUF files have in common.</summary>
internal sealed class GgufVocabulary
{
    private const string Prefix = "tokenizer.ggml.";

    private readonly GgufMetadata _metadata;

    public GgufVocabulary(GgufMetadata metadata)
    {
        _metadata = metadata;
        Pieces = metadata.Get<string[]>(Prefix + "tokens");
        if (Pieces.Length is 0 or > Tokenizers.Vocabulary.LargestSize)
            throw new InputFileException(
                $"{At("tokens")} has {Pieces.Length} entries; 1 to {Tokenizers.Vocabulary.LargestSize} are allowed.");
        Kinds = ReadKinds();
        Vocabulary = new Vocabulary(Pieces, Kinds, (first, second) => new InputFileException(
            $"{At("tokens")}: entries {first} and {second} are both '{Pieces[first]}'; a piece may stand there once. Convert the model again."));
    }

    public string[] Pieces { get; }

    public TokenKind[] Kinds { get; }

    public Vocabulary Vocabulary { get; }

    /// <summary>File and key, for messages.</summary>
    public string At(string key) => $"{_metadata.Location}: '{Prefix}{key}'";

    public string[] Merges() => _metadata.Get<string[]>(Prefix + "merges");

    public string PreTokenizer() => _metadata.Get<string>(Prefix + "pre");

    public bool Flag(string key, bool fallback) => _metadata.Get(Prefix + key, fallback);

    /// <summary>The id under a key, or null where the key is absent.</summary>
    public int? Id(string key)
    {
        if (!_metadata.TryGet<long>(Prefix + key, out var id))
            return null;
        if (id < 0 || id >= Pieces.Length)
            throw new InputFileException(
                $"{At(key)} is {id}, but token ids run from 0 to {Pieces.Length - 1}. Convert the model again.");
        return (int)id;
    }

    /// <summary>Refuses another value of a key than the only one that is supported; the key may be absent.</summary>
    public void RefuseUnless(string key, string supported)
    {
        if (_metadata.TryGet<string>(Prefix + key, out var found) && found != supported)
            throw new UnsupportedException(
                $"{At(key)} is '{found}'; for this kind of tokenizer only '{supported}' is supported.");
    }

    /// <summary>Scores by token.</summary>
    public float[] Scores()
    {
        var scores = _metadata.Get<float[]>(Prefix + "scores");
        RefuseLength("scores", scores.Length);
        return scores;
    }

    /// <summary>The bytes under a key, which files hold signed or unsigned; none where the key is absent.</summary>
    public byte[] Bytes(string key)
    {
        if (!_metadata.Values.TryGetValue(Prefix + key, out var value))
            return [];
        return value switch
        {
            byte[] bytes => bytes,
            sbyte[] signed => Array.ConvertAll(signed, item => unchecked((byte)item)),
            _ => throw new InputFileException($"{At(key)} is no list of bytes. Convert the model again."),
        };
    }

    /// <summary>Tokens that are recognised wherever they stand: special ones, and those the user defined.</summary>
    public IEnumerable<AddedToken> AddedTokens()
    {
        for (var id = 0; id < Kinds.Length; id++)
        {
            if (Kinds[id] is TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined)
                yield return new AddedToken(id, Pieces[id], Kinds[id] != TokenKind.UserDefined);
        }
    }

    /// <summary>The special ids.</summary>
    /// <param name="addBos">Whether the beginning is put before texts where the file does not say.</param>
    /// <param name="addEos">Whether the end is put after texts where the file does not say.</param>
    public SpecialIds SpecialIds(bool addBos, bool addEos)
    {
        var bos = Id("bos_token_id");
        var eos = Id("eos_token_id");
        var before = Around("add_bos_token", addBos, bos, "bos_token_id");
        var after = Around("add_eos_token", addEos, eos, "eos_token_id");
        var stop = Tokenizers.SpecialIds.StopIds(Vocabulary, eos, Id("eot_token_id"), Id("eom_token_id"));
        return new SpecialIds(bos, eos, InputLayout.Around(before, after), stop);
    }

    private int[] Around(string flag, bool fallback, int? id, string key)
    {
        if (!Flag(flag, fallback))
            return [];
        return id is { } known
            ? [known]
            : throw new InputFileException($"{At(flag)} wants a token that {At(key)} does not name: the key is absent.");
    }

    private TokenKind[] ReadKinds()
    {
        var kinds = new TokenKind[Pieces.Length];
        if (!_metadata.TryGet<int[]>(Prefix + "token_type", out var types))
        {
            Array.Fill(kinds, TokenKind.Normal);
            return kinds;
        }
        RefuseLength("token_type", types.Length);
        for (var id = 0; id < types.Length; id++)
        {
            if (types[id] is < (int)TokenKind.Normal or > (int)TokenKind.Byte)
                throw new InputFileException(
                    $"{At("token_type")}: entry {id} is {types[id]}; types run from 1 to 6. Convert the model again.");
            kinds[id] = (TokenKind)types[id];
        }
        return kinds;
    }

    private void RefuseLength(string key, int length)
    {
        if (length != Pieces.Length)
            throw new InputFileException(
                $"{At(key)} has {length} entries and {At("tokens")} {Pieces.Length}; they must be as many. " +
                "Convert the model again.");
    }
}
