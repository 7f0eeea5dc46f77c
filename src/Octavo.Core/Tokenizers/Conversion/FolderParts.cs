using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>What tokenizer.json says, before it is text.</summary>
/// <param name="Tokenizer">The tokenizer that it is to equal.</param>
/// <param name="Model">The model without its vocabulary.</param>
/// <param name="WriteVocabulary">Writes the properties of the model that hold its pieces.</param>
internal sealed record FolderParts(VocabularyTokenizer Tokenizer, JsonObject Model, Action<Utf8JsonWriter> WriteVocabulary)
{
    public JsonObject? Normalizer { get; init; }

    public JsonObject? PreTokenizer { get; init; }

    public JsonObject? Decoder { get; init; }

    /// <summary>Writes any file: the same bytes for the same content, on every machine.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
            write(writer);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>The file's content.</summary>
    public byte[] ToBytes() => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("version", "1.0");
        writer.WriteNull("truncation");
        writer.WriteNull("padding");
        writer.WritePropertyName("added_tokens");
        WriteAddedTokens(writer);
        Write(writer, "normalizer", Normalizer);
        Write(writer, "pre_tokenizer", PreTokenizer);
        Write(writer, "post_processor", JsonStages.Template(Tokenizer.Special.Layout, Tokenizer.Vocabulary));
        Write(writer, "decoder", Decoder);
        writer.WritePropertyName("model");
        writer.WriteStartObject();
        foreach (var (key, value) in Model)
            Write(writer, key, value);
        WriteVocabulary(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>Writes ids by piece.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="vocabulary">The vocabulary. Unused pieces stand for no text and are left out.</param>
    public static void WriteIds(Utf8JsonWriter writer, Vocabulary vocabulary)
    {
        writer.WritePropertyName("vocab");
        writer.WriteStartObject();
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.Kind(id) != TokenKind.Unused)
                writer.WriteNumber(vocabulary.Piece(id), id);
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string key, JsonNode? value)
    {
        writer.WritePropertyName(key);
        if (value is null)
            writer.WriteNullValue();
        else
            value.WriteTo(writer);
    }

    private void WriteAddedTokens(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        for (var id = 0; id < Tokenizer.VocabularySize; id++)
        {
            var kind = Tokenizer.Vocabulary.Kind(id);
            if (kind is not (TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined))
                continue;
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteString("content", Tokenizer.Piece(id));
            foreach (var flag in (ReadOnlySpan<string>)["single_word", "lstrip", "rstrip", "normalized"])
                writer.WriteBoolean(flag, false);
            writer.WriteBoolean("special", kind != TokenKind.UserDefined);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
