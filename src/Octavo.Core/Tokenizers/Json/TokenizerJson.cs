using Octavo.Core.Tokenizers.Inputs;
using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.Normalizers;
using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads tokenizers from tokenizer.json.</summary>
internal static class TokenizerJson
{
    private const string FileName = "tokenizer.json";

    public static VocabularyTokenizer Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        using var document = JsonFile.Open(file);
        using var config = TokenizerConfig.Open(file);
        return Read(new JsonValue(document.RootElement, file, "$"), config);
    }

    /// <summary>Reads a tokenizer from content that is open already.</summary>
    /// <param name="root">The content of tokenizer.json.</param>
    /// <param name="config">The file beside it, or null.</param>
    public static VocabularyTokenizer Read(JsonValue root, TokenizerConfig? config)
    {
        if (root.Optional("version") is { } version && version.Text() != "1.0")
            throw version.Unsupported($"'{version.Text()}'", "1.0");

        var model = root.Required("model");
        var type = JsonModelType.Read(model);
        var entries = new JsonVocabulary(model, isList: type == JsonModelType.Unigram);
        var added = ReadAddedTokens(root, entries);
        var vocabulary = entries.Build();
        var layout = JsonLayout.Read(root, vocabulary);
        var special = ReadSpecial(config, vocabulary, layout.Layout ?? InputLayout.Plain) with { InputDefaults = JsonInputs.Read(root) };
        if (JsonByteLevel.Fits(root, type))
            return JsonByteLevel.Read(root, vocabulary, added, layout, special);
        var stages = ReadStages(root, type, vocabulary, entries.Scores, added) with { Trimming = layout.Trimming };
        return new PipelineTokenizer($"{type} (tokenizer.json)", vocabulary, special, stages, JsonDecoders.Read(root));
    }

    private static PipelineStages ReadStages(JsonValue root, string type, Vocabulary vocabulary, List<double> scores, List<AddedToken> added)
    {
        var normalizer = JsonNormalizers.Read(root);
        var model = JsonModels.Read(type, root.Required("model"), vocabulary, scores);
        return new PipelineStages(model, new AddedTokenTrie(added.Where(token => !token.Normalized)),
            new AddedTokenTrie(added.Where(token => token.Normalized).Select(token => Normalized(token, normalizer))))
        {
            Normalizer = normalizer,
            PreTokenizers = ReadPreTokenizers(root, model),
        };
    }

    // Without a pre-tokenizer the whole text is one word; where merges allow it is cut into words all the same.
    private static PreTokenizer[] ReadPreTokenizers(JsonValue root, WordModel model)
    {
        var stages = JsonPreTokenizers.Read(root);
        return stages.Length == 0 && model is BpeWordModel { IgnoreMerges: false, HasSpaceSign: true }
            && JsonBpe.KeepsBorders(root.Required("model"), SentencePieceModel.Space)
            ? [new CutPreTokenizer(new BorderCutter(SentencePieceModel.Space))]
            : stages;
    }

    private static AddedToken Normalized(AddedToken token, Normalizer? normalizer) =>
        normalizer is null ? token : token with { Content = normalizer.Normalize(token.Content) };

    private static List<AddedToken> ReadAddedTokens(JsonValue root, JsonVocabulary entries)
    {
        List<AddedToken> tokens = [];
        if (root.Optional("added_tokens") is not { } list)
            return tokens;
        foreach (var item in list.Items())
        {
            var token = new AddedToken(item.Required("id").Id(), item.Required("content").Text(), item.Flag("special", false))
            {
                LStrip = item.Flag("lstrip", false),
                RStrip = item.Flag("rstrip", false),
                SingleWord = item.Flag("single_word", false),
                Normalized = item.Flag("normalized", !item.Flag("special", false)),
            };
            if (token.Content.Length == 0)
                throw item.Wrong("has an empty content");
            entries.AddToken(token, item);
            tokens.Add(token);
        }
        return tokens;
    }

    private static SpecialIds ReadSpecial(TokenizerConfig? config, Vocabulary vocabulary, InputLayout layout)
    {
        int? bos = layout.Before is [var first, ..] ? first : null;
        int? eos = null;
        if (config is not null)
        {
            bos = config.NamedId("bos_token", vocabulary, FileName) ?? bos;
            eos = config.NamedId("eos_token", vocabulary, FileName);
        }
        return new SpecialIds(bos, eos, layout, SpecialIds.StopIds(vocabulary, eos, null, null));
    }
}
