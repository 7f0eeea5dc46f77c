using Octavo.Core.Tokenizers.Decoders;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads decoders.</summary>
internal static class JsonDecoders
{
    private const string Known = "BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, Sequence, Strip, WordPiece";
    private const int MostStripped = 1 << 20;

    /// <summary>The decoder; where the file has none, tokens are joined with spaces, as in the reference.</summary>
    public static DecoderStep Read(JsonValue root) => root.Optional("decoder") is { } stage ? ReadStep(stage) : new JoinDecoder();

    private static DecoderStep ReadStep(JsonValue stage) => stage.TypeName() switch
    {
        "Sequence" => new SequenceDecoder([.. stage.Required("decoders").Items().Select(ReadStep)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "WordPiece" => new WordPieceDecoder(stage.Required("prefix").Text(), stage.Flag("cleanup", true)),
        "Metaspace" => new MetaspaceDecoder(JsonMetaspace.Sign(stage), JsonMetaspace.Scheme(stage) != PrependScheme.Never),
        "BPEDecoder" => new SuffixDecoder(NotEmpty(stage.Required("suffix"))),
        "CTC" => new CtcDecoder(NotEmpty(stage.Required("pad_token")), NotEmpty(stage.Required("word_delimiter_token")),
            stage.Flag("cleanup", true)),
        "Replace" => ReadReplace(stage),
        "Strip" => ReadStrip(stage),
        var type => throw stage.Unsupported($"the decoder '{type}'", Known),
    };

    private static ReplaceDecoder ReadReplace(JsonValue stage)
    {
        var pattern = stage.Required("pattern");
        char? sign = pattern.Optional("String") is { } text && text.Text().Length == 1 ? text.Text()[0] : null;
        return new ReplaceDecoder(JsonPatterns.Read(pattern), stage.Required("content").Text(), sign);
    }

    private static StripDecoder ReadStrip(JsonValue stage)
    {
        var content = stage.Required("content");
        if (content.Text().Length != 1)
            throw content.Unsupported($"'{content.Text()}'", "one character of Unicode's first plane");
        return new StripDecoder(content.Text()[0], stage.Required("start").Count(0, MostStripped),
            stage.Required("stop").Count(0, MostStripped));
    }

    private static string NotEmpty(JsonValue text) => text.Text().Length > 0 ? text.Text() : throw text.Wrong("is empty");
}
