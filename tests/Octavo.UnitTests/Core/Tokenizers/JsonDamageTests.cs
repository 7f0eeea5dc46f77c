using System.Text.Json.Nodes;
using CsCheck;
using Octavo.Core;
using static Octavo.UnitTests.Core.Tokenizers.StageFile;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>A file with something wrong in it is refused by one of our own errors, or works.</summary>
public class JsonDamageTests
{
    private static readonly string[] _values =
    [
        "null", "true", "false", "0", "-1", "3", "1.5", "1e300", "99999999999", "\"\"", "\"a\"", "\"ab\"", "\"▁\"", "\"😀\"", "\"Sequence\"",
        "\"ByteLevel\"", "\"(\"", "[]", "{}", "[[]]", "[\"a\",1]", "{\"type\":\"NFKC\"}", "{\"Regex\":\"a|\"}", "{\"String\":\"e\"}",
    ];

    private static readonly Func<JsonObject>[] _contents =
    [
        () => TinyTokenizer.Json(),
        () => ShowText(
            Sequence("normalizers", Stage("NFKC"), Replace(Regex("x*"), "y"), Stage("Prepend", ("prepend", "▁"))), Metaspace("first")),
        () => ShowCuts(
            Sequence("pretokenizers", Split(Regex("e| "), "MergedWithNext", invert: true), Stage("Punctuation", ("behavior", "Isolated")))),
        WordPiece,
        Unigram,
    ];

    private static readonly Gen<int> _which = Gen.Int[0, _contents.Length - 1];

    private static readonly Gen<int[]> _places = Gen.Int[0, 1_000_000].Array[1, 3];

    [Fact]
    public void FromJson_DamagedFile_IsRefusedOrWorks() => Gen.Select(_which, _places, RandomText.Texts).Sample(
        (which, places, text) =>
        {
            var root = _contents[which]();
            foreach (var place in places)
                Damage(root, place);
            try
            {
                var tokenizer = TokenizerFolder.Open(root);
                var ids = tokenizer.Encode(text, addSpecial: true).Select(token => token.Id).ToArray();
                tokenizer.Decode(ids);
                tokenizer.EncodeInput(text, "b", tokenizer.InputDefaults with { Padding = null });
            }
            catch (OctavoException)
            {
                // Refused, by one of our own errors.
            }
        },
        iter: 3000);

    private static void Damage(JsonObject root, int place)
    {
        List<(JsonObject Owner, string Key)> places = [];
        Collect(root, places);
        var (owner, key) = places[place % places.Count];
        var choice = place / places.Count % (_values.Length + 1);
        if (choice == _values.Length)
            owner.Remove(key);
        else
            owner[key] = JsonNode.Parse(_values[choice]);
    }

    // Vocabularies by their first pieces only, so that the rest gets its share.
    private static void Collect(JsonNode? node, List<(JsonObject, string)> places)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list.Take(4))
                Collect(item, places);
            return;
        }
        if (node is not JsonObject content)
            return;
        foreach (var (key, value) in content.Take(12))
        {
            places.Add((content, key));
            Collect(value, places);
        }
    }

    private static JsonObject WordPiece()
    {
        var vocabulary = new JsonObject { ["[UNK]"] = 0, ["[CLS]"] = 1, ["[SEP]"] = 2, ["a"] = 3, ["##b"] = 4, ["hello"] = 5 };
        var model = Stage("WordPiece", ("unk_token", "[UNK]"), ("continuing_subword_prefix", "##"), ("max_input_chars_per_word", 10),
            ("vocab", vocabulary));
        var normalizer = Stage("BertNormalizer", ("clean_text", true), ("handle_chinese_chars", true), ("strip_accents", null), ("lowercase", true));
        var root = Root(model, normalizer, Stage("BertPreTokenizer"), Stage("WordPiece", ("prefix", "##"), ("cleanup", true)),
            Stage("RobertaProcessing", ("sep", new JsonArray("[SEP]", 2)), ("cls", new JsonArray("[CLS]", 1)), ("trim_offsets", true),
                ("add_prefix_space", true)));
        root["truncation"] = new JsonObject { ["max_length"] = 8, ["strategy"] = "LongestFirst", ["stride"] = 0, ["direction"] = "Left" };
        root["padding"] = new JsonObject { ["strategy"] = new JsonObject { ["Fixed"] = 16 }, ["pad_id"] = 0, ["pad_type_id"] = 0 };
        root["added_tokens"] = new JsonArray(
            new JsonObject { ["id"] = 2, ["content"] = "[SEP]", ["special"] = true, ["normalized"] = true, ["lstrip"] = true });
        return root;
    }

    private static JsonObject Unigram()
    {
        var vocabulary = new JsonArray(new JsonArray("<unk>", 0.0), new JsonArray("▁", -2.0), new JsonArray("▁the", -3.0), new JsonArray("e", -4.0));
        var decoder = Sequence("decoders", Stage("ByteFallback"), Stage("Strip", ("content", " "), ("start", 1), ("stop", 1)),
            Stage("CTC", ("pad_token", "e"), ("word_delimiter_token", "t"), ("cleanup", true)), Stage("BPEDecoder", ("suffix", "h")));
        var template = new JsonArray(
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } },
            new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = "<unk>", ["type_id"] = 1 } });
        var pair = template.DeepClone().AsArray();
        pair.Add(new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 1 } });
        var tokens = new JsonObject { ["<unk>"] = new JsonObject { ["id"] = "<unk>", ["ids"] = new JsonArray(0), ["tokens"] = new JsonArray("<unk>") } };
        return Root(Stage("Unigram", ("unk_id", 0), ("vocab", vocabulary), ("byte_fallback", true)), Stage("Precompiled", ("precompiled_charsmap", "")),
            Sequence("pretokenizers", Stage("WhitespaceSplit"), Metaspace()), decoder,
            Stage("TemplateProcessing", ("single", template), ("pair", pair), ("special_tokens", tokens)));
    }
}
