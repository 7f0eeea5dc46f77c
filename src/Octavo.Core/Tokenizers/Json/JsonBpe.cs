using System.Text.Json;
using Octavo.Core.Tokenizers.Bpe;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads the model of a byte-level BPE tokenizer, its vocabulary apart.</summary>
internal static class JsonBpe
{
    /// <summary>Refuses every other kind of model, before its vocabulary is read: theirs have other forms.</summary>
    public static void ExpectType(JsonValue model)
    {
        var type = model.TypeName();
        if (type != "BPE")
            throw model.Unsupported($"a model of type '{type}'", "BPE");
    }

    public static BpeModel Read(JsonValue model, Vocabulary vocabulary)
    {
        if (model.Optional("dropout") is { } dropout && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() == 0))
            throw dropout.Unsupported("leaving out merges by chance", "null");
        if (model.Flag("byte_fallback", false))
            throw model.Unsupported("'byte_fallback'", "byte-level pieces");
        RefuseAffix(model, "continuing_subword_prefix");
        RefuseAffix(model, "end_of_word_suffix");
        return new BpeModel(vocabulary, ReadMerges(model.Required("merges"), vocabulary), model.Flag("ignore_merges", false),
            ReadUnknown(model, vocabulary), model.Flag("fuse_unk", false));
    }

    private static void RefuseAffix(JsonValue model, string key)
    {
        if (model.Optional(key) is { } affix && affix.Text().Length > 0)
            throw affix.Unsupported($"'{affix.Text()}'", "none");
    }

    private static int? ReadUnknown(JsonValue model, Vocabulary vocabulary)
    {
        if (model.Optional("unk_token") is not { } unknown)
            return null;
        var id = vocabulary.Id(unknown.Text());
        return id >= 0 ? id : throw unknown.Wrong($"is '{unknown.Text()}', which the vocabulary lacks");
    }

    private static MergeTable ReadMerges(JsonValue merges, Vocabulary vocabulary)
    {
        merges.Expect(JsonValueKind.Array, "a list");
        var builder = new MergeTableBuilder(vocabulary, merges.Element.GetArrayLength(), merges.Place);
        foreach (var merge in merges.Items())
        {
            if (merge.Element.ValueKind == JsonValueKind.String)
                builder.Add(merge.Text());
            else if (merge.Element.ValueKind == JsonValueKind.Array && merge.Element.GetArrayLength() == 2)
                builder.Add(Part(merge, 0), Part(merge, 1));
            else
                throw merge.Wrong("is neither a text with two pieces nor a list of two");
        }
        return builder.Table;
    }

    private static string Part(JsonValue merge, int index) => new JsonValue(merge.Element[index], merge.File, $"{merge.Path}[{index}]").Text();
}
