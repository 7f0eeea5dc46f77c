using Octavo.Core.Tokenizers.Normalization;
using Octavo.Core.Tokenizers.Normalizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads normalizers.</summary>
internal static class JsonNormalizers
{
    private const string Known = "BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip, " +
        "StripAccents";

    /// <summary>The normalizer, or null where the file has none.</summary>
    public static Normalizer? Read(JsonValue root) => root.Optional("normalizer") is { } stage ? ReadStage(stage) : null;

    private static Normalizer ReadStage(JsonValue stage) => stage.TypeName() switch
    {
        "Sequence" => new SequenceNormalizer([.. stage.Required("normalizers").Items().Select(ReadStage)]),
        "NFC" => new UnicodeNormalizer(NormalForm.C),
        "NFD" => new UnicodeNormalizer(NormalForm.D),
        "NFKC" => new UnicodeNormalizer(NormalForm.KC),
        "NFKD" => new UnicodeNormalizer(NormalForm.KD),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new FilterNormalizer(ScalarSets.Mark),
        "Strip" => new StripNormalizer(stage.Flag("strip_left", true), stage.Flag("strip_right", true)),
        "Nmt" => new SequenceNormalizer([new FilterNormalizer(NmtSets.Removed), new SpaceNormalizer(NmtSets.Spaces)]),
        "Prepend" => new PrependNormalizer(stage.Required("prepend").Text()),
        "Replace" => new ReplaceNormalizer(JsonPatterns.Read(stage.Required("pattern")), stage.Required("content").Text()),
        "ByteLevel" => new ByteLevelNormalizer(),
        "BertNormalizer" => ReadBert(stage),
        "Precompiled" => ReadPrecompiled(stage.Required("precompiled_charsmap")),
        var type => throw stage.Unsupported($"the normalizer '{type}'", Known),
    };

    private static BertNormalizer ReadBert(JsonValue stage)
    {
        var lowercase = stage.Flag("lowercase", true);
        // Where the file does not say, accents go with capitals.
        return new BertNormalizer(stage.Flag("clean_text", true), stage.Flag("handle_chinese_chars", true),
            stage.Flag("strip_accents", lowercase),
            lowercase);
    }

    private static PrecompiledNormalizer ReadPrecompiled(JsonValue map)
    {
        var blob = new byte[map.Text().Length];
        return Convert.TryFromBase64String(map.Text(), blob, out var length)
            ? new PrecompiledNormalizer(CharacterMap.Read(blob.AsSpan(0, length), map.Place))
            : throw map.Wrong("is no Base64");
    }
}
