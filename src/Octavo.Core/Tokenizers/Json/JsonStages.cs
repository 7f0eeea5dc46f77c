using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>How a text is split before merging.</summary>
internal sealed record JsonSplitting(Scanner[] Scanners, bool PrefixSpace);

/// <summary>Reads the stages around the model.</summary>
internal static class JsonStages
{
    private const string KnownNormalizers = "NFC, Sequence";
    private const string KnownPreTokenizers = "ByteLevel, Digits, Split, Sequence, with ByteLevel once and last";
    private const string KnownDecoders = "ByteLevel";

    /// <summary>Whether the text is brought into normalization form C.</summary>
    public static bool ReadNormalizer(JsonValue root)
    {
        var nfc = false;
        if (root.Optional("normalizer") is { } normalizer)
        {
            foreach (var stage in Flatten(normalizer, "normalizers"))
            {
                if (stage.TypeName() != "NFC")
                    throw stage.Unsupported($"the normalizer '{stage.TypeName()}'", KnownNormalizers);
                nfc = true;
            }
        }
        return nfc;
    }

    /// <summary>The splitting stages, the last one of which belongs to ByteLevel.</summary>
    public static JsonSplitting ReadPreTokenizer(JsonValue root)
    {
        List<Scanner> scanners = [];
        bool? prefix = null;
        if (root.Optional("pre_tokenizer") is { } preTokenizer)
        {
            foreach (var stage in Flatten(preTokenizer, "pretokenizers"))
            {
                if (prefix is not null)
                    throw stage.Unsupported($"the pre-tokenizer '{stage.TypeName()}' after ByteLevel", KnownPreTokenizers);
                scanners.Add(ReadScanner(stage, ref prefix));
            }
        }
        return prefix is { } found
            ? new JsonSplitting([.. scanners], found)
            : throw root.Unsupported("a tokenizer whose pre_tokenizer has no ByteLevel", KnownPreTokenizers);
    }

    /// <summary>The tokens around a text, and how the places of tokens are trimmed.</summary>
    public static JsonAround ReadPostProcessor(JsonValue root, Vocabulary vocabulary)
    {
        var around = new JsonAround([], []);
        if (root.Optional("post_processor") is { } processor)
        {
            foreach (var stage in Flatten(processor, "processors"))
                around = around.With(stage, vocabulary);
        }
        return around;
    }

    /// <summary>Refuses another decoder than ByteLevel.</summary>
    public static void CheckDecoder(JsonValue root)
    {
        if (root.Optional("decoder") is not { } decoder)
            throw root.Unsupported("a tokenizer without a decoder", KnownDecoders);
        if (decoder.TypeName() != "ByteLevel")
            throw decoder.Unsupported($"the decoder '{decoder.TypeName()}'", KnownDecoders);
    }

    private static Scanner ReadScanner(JsonValue stage, ref bool? prefix)
    {
        switch (stage.TypeName())
        {
            case "ByteLevel":
                prefix = stage.Flag("add_prefix_space", true);
                return stage.Flag("use_regex", true) ? new Gpt2Scanner() : new WholeScanner();
            case "Digits":
                return new DigitsScanner(stage.Flag("individual_digits", false));
            case "Split":
                return ReadSplit(stage);
            default:
                throw stage.Unsupported($"the pre-tokenizer '{stage.TypeName()}'", KnownPreTokenizers);
        }
    }

    private static Scanner ReadSplit(JsonValue stage)
    {
        // The known patterns match every character, so taking matches out of nothing leaves the same pieces as keeping both.
        var behavior = stage.Required("behavior");
        if (behavior.Text() != "Isolated" && !(behavior.Text() == "Removed" && stage.Flag("invert", false)))
            throw behavior.Unsupported($"'{behavior.Text()}'", "Isolated, and Removed with invert");
        var pattern = stage.Required("pattern");
        return pattern.Optional("Regex") is { } regex
            ? PreTokenizers.KnownPreTokenizers.ByPattern(regex.Text(), regex.Place)
            : throw pattern.Unsupported("a pattern that is not under 'Regex'", "Regex");
    }

    private static IEnumerable<JsonValue> Flatten(JsonValue stage, string key)
    {
        if (stage.TypeName() != "Sequence")
            return [stage];
        return stage.Required(key).Items().SelectMany(inner => Flatten(inner, key));
    }
}
