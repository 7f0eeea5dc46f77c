using System.Text.Json;
using Octavo.Core.Tokenizers.Bpe;
using Octavo.Core.Tokenizers.Models;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads the model of a BPE tokenizer, its vocabulary apart.</summary>
internal static class JsonBpe
{
    /// <summary>The model over bytes.</summary>
    public static BpeModel ReadBytes(JsonValue model, Vocabulary vocabulary)
    {
        RefuseDropout(model);
        return new BpeModel(vocabulary, ReadMerges(model, vocabulary, ""), model.Flag("ignore_merges", false),
            ReadUnknown(model, vocabulary),
            model.Flag("fuse_unk", false));
    }

    /// <summary>The model over characters.</summary>
    public static BpeWordModel Read(JsonValue model, Vocabulary vocabulary)
    {
        RefuseDropout(model);
        var (prefix, suffix) = (Affix(model, "continuing_subword_prefix"), Affix(model, "end_of_word_suffix"));
        var falls = model.Flag("byte_fallback", false);
        if (falls && prefix.Length + suffix.Length > 0)
            throw model.Unsupported("'byte_fallback' with a prefix or a suffix", "either");
        return new BpeWordModel(vocabulary, ReadMerges(model, vocabulary, prefix))
        {
            Prefix = prefix,
            Suffix = suffix,
            Unknown = ReadUnknown(model, vocabulary) ?? -1,
            FuseUnknown = model.Flag("fuse_unk", false),
            ByteIds = falls ? ByteIds(vocabulary) : null,
            IgnoreMerges = model.Flag("ignore_merges", false),
        };
    }

    /// <summary>The token of each byte, or -1.</summary>
    public static int[] ByteIds(Vocabulary vocabulary) =>
        [.. Enumerable.Range(0, 256).Select(value => vocabulary.WordId($"<0x{value:X2}>", special: true))];

    /// <summary>The prefix or suffix of that name; empty where there is none.</summary>
    public static string Affix(JsonValue model, string key) => model.Optional(key)?.Text() ?? "";

    /// <summary>Whether no merge joins something to a sign that stands behind it, so that a text may be cut before such
    /// signs.</summary>
    public static bool KeepsBorders(JsonValue model, char sign)
    {
        foreach (var merge in model.Required("merges").Items())
        {
            var (left, right) = Parts(merge);
            if (left.Length > 0 && right.Length > 0 && left[^1] != sign && right[0] == sign)
                return false;
        }
        return true;
    }

    private static void RefuseDropout(JsonValue model)
    {
        if (model.Optional("dropout") is { } dropout
            && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() == 0))
            throw dropout.Unsupported("leaving out merges by chance", "null");
    }

    // Older files name an empty text where there is no such token.
    private static int? ReadUnknown(JsonValue model, Vocabulary vocabulary)
    {
        if (model.Optional("unk_token") is not { } unknown || unknown.Text().Length == 0)
            return null;
        var id = vocabulary.Id(unknown.Text());
        return id >= 0 ? id : throw unknown.Wrong($"is '{unknown.Text()}', which the vocabulary lacks");
    }

    private static MergeTable ReadMerges(JsonValue model, Vocabulary vocabulary, string prefix)
    {
        var merges = model.Required("merges");
        merges.Expect(JsonValueKind.Array, "a list");
        var builder = new MergeTableBuilder(vocabulary, merges.Element.GetArrayLength(), merges.Place, prefix);
        foreach (var merge in merges.Items())
        {
            if (merge.Element.ValueKind == JsonValueKind.String)
            {
                builder.Add(merge.Text());
                continue;
            }
            var (left, right) = Parts(merge);
            builder.Add(left, right);
        }
        return builder.Table;
    }

    /// <summary>The two pieces of a merge.</summary>
    public static (string Left, string Right) Parts(JsonValue merge)
    {
        if (merge.Element.ValueKind == JsonValueKind.String)
        {
            var text = merge.Text();
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            return space < 0 ? (text, "") : (text[..space], text[(space + 1)..]);
        }
        if (merge.Element.ValueKind == JsonValueKind.Array && merge.Element.GetArrayLength() == 2)
            return (Part(merge, 0), Part(merge, 1));
        throw merge.Wrong("is neither a text with two pieces nor a list of two");
    }

    private static string Part(JsonValue merge, int index) =>
        new JsonValue(merge.Element[index], merge.File, $"{merge.Path}[{index}]").Text();
}
