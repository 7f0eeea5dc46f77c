using System.Text.Json;
using Octavo.Core.Gguf;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes tokenizer_config.json: the names of special tokens and the chat template.</summary>
internal static class FolderConfig
{
    private const string Template = "tokenizer.chat_template";
    private const string TemplateNames = "tokenizer.chat_templates";

    private static ReadOnlySpan<(string Key, string Id)> Named => new[]
    {
        ("bos_token", "bos_token_id"), ("cls_token", "cls_token_id"), ("eos_token", "eos_token_id"), ("mask_token", "mask_token_id"),
        ("pad_token", "padding_token_id"), ("sep_token", "seperator_token_id"), ("unk_token", "unknown_token_id"),
    };

    /// <summary>The file's content.</summary>
    /// <param name="metadata">The GGUF file's.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="file">Its vocabulary.</param>
    /// <param name="hasTypes">Whether the model wants the types of tokens.</param>
    public static byte[] Write(GgufMetadata metadata, VocabularyTokenizer tokenizer, GgufVocabulary file, bool hasTypes) => FolderParts.Write(writer =>
    {
        writer.WriteStartObject();
        if (!hasTypes)
        {
            writer.WriteBoolean("add_bos_token", tokenizer.Special.Before.Length > 0);
            writer.WriteBoolean("add_eos_token", tokenizer.Special.After.Length > 0);
        }
        foreach (var (key, id) in Named)
        {
            if (file.Id(id) is { } known)
                writer.WriteString(key, tokenizer.Piece(known));
        }
        WriteTemplates(writer, metadata);
        writer.WriteBoolean("clean_up_tokenization_spaces", false);
        writer.WritePropertyName("model_input_names");
        writer.WriteStartArray();
        foreach (var name in (ReadOnlySpan<string>)(hasTypes ? ["input_ids", "token_type_ids", "attention_mask"] : ["input_ids", "attention_mask"]))
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        if (metadata.TryGet<string>("general.architecture", out var architecture) && metadata.TryGet<long>($"{architecture}.context_length", out var length))
            writer.WriteNumber("model_max_length", length);
        writer.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        writer.WriteEndObject();
    });

    private static void WriteTemplates(Utf8JsonWriter writer, GgufMetadata metadata)
    {
        var names = metadata.Get<string[]>(TemplateNames, []);
        var hasDefault = metadata.TryGet<string>(Template, out var text);
        if (names.Length == 0)
        {
            if (hasDefault)
                writer.WriteString("chat_template", text);
            return;
        }
        writer.WritePropertyName("chat_template");
        writer.WriteStartArray();
        if (hasDefault)
            WriteTemplate(writer, Templates.ChatTemplateSource.DefaultName, text!);
        foreach (var name in names)
            WriteTemplate(writer, name, metadata.Get<string>($"{Template}.{name}"));
        writer.WriteEndArray();
    }

    private static void WriteTemplate(Utf8JsonWriter writer, string name, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("template", text);
        writer.WriteEndObject();
    }
}
