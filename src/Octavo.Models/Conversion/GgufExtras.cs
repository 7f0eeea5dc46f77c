using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers.Conversion;

namespace Octavo.Models.Conversion;

/// <summary>What a GGUF file holds beside weights and architecture: the tokenizer, the template, and how sentences are pooled.</summary>
internal static class GgufExtras
{
    /// <summary>Completes the keys of a file.</summary>
    /// <returns>What was not carried over, one sentence each.</returns>
    public static IReadOnlyList<string> Add(Checkpoint source, Dictionary<string, object> keys)
    {
        if (source.Metadata is not null)
            return [];
        var (folder, notes) = (Path.GetDirectoryName(source.ConfigPath!)!, new List<string>());
        keys["general.name"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        AddPooling(source, keys, notes);
        if (!HasTokenizer(folder))
            return [.. notes, "There is no tokenizer beside the weights, so the file has none; programs that read text refuse it."];
        foreach (var (key, value) in Tokenizer(source, folder, notes))
            keys[key] = value;
        AddTemplates(folder, keys);
        if (File.Exists(Path.Combine(folder, "generation_config.json")))
            notes.Add("Of generation_config.json the ends of a generation are carried over; sampling settings have no keys.");
        return notes;
    }

    private static bool HasTokenizer(string folder) =>
        ((string[])["tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model"]).Any(name => File.Exists(Path.Combine(folder, name)));

    private static IReadOnlyDictionary<string, object> Tokenizer(Checkpoint source, string folder, List<string> notes)
    {
        try
        {
            return GgufTokenizerWriter.Metadata(folder, source.Model.VocabularySize, source.StopIds);
        }
        catch (UnsupportedException)
        {
            // what else is wrong is refused again
            var keys = GgufTokenizerWriter.Metadata(folder, source.Model.VocabularySize, source.StopIds, acceptUnnormalized: true);
            notes.Add("The tokenizer brings texts into Unicode's form C first, which GGUF has no key for: tokens are the same for texts that are in it.");
            return keys;
        }
    }

    private static void AddTemplates(string folder, Dictionary<string, object> keys)
    {
        if (ChatTemplateSource.Find(folder) is not { } templates)
            return;
        string[] named = [.. templates.Names.Where(name => name != ChatTemplateSource.DefaultName)];
        if (named.Length < templates.Names.Count)
            keys["tokenizer.chat_template"] = templates.GetText();
        if (named.Length > 0)
            keys["tokenizer.chat_templates"] = named;
        foreach (var name in named)
            keys[$"tokenizer.chat_template.{name}"] = templates.GetText(name);
    }

    private static void AddPooling(Checkpoint source, Dictionary<string, object> keys, List<string> notes)
    {
        if (SentenceSettings.Read(source) is not { } settings)
            return;
        uint? kind = settings.Pooling switch
        {
            Pooling.Mean => 1,
            Pooling.Cls => 2,
            Pooling.Last => 3,
            _ => null,
        };
        if (kind is not { } known)
            throw new UnsupportedException($"{source.Path}: GGUF has no pooling '{settings.Pooling}'; mean, cls and last can be written. Nothing was written.");
        keys[$"{keys["general.architecture"]}.pooling_type"] = known;
        if (!settings.Normalize)
            notes.Add("The embeddings of this encoder are not normalized; programs that read GGUF files normalize them.");
        if (settings.MaxTokens is { } most && most < source.Model.ContextLength)
            notes.Add($"Texts of this encoder end at {most} tokens; the file can only say {source.Model.ContextLength}.");
    }
}
