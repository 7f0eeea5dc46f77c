using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.Core.Tokenizers;
using Octavo.Training.Data;
using Octavo.Training.Data.Chats;

namespace Octavo.Cli.Data;

/// <summary>Writes examples for machines.</summary>
internal static class ExampleJson
{
    /// <summary>One example: ids, pieces, and labels as a loss takes them.</summary>
    public static void Write(Utf8JsonWriter json, Tokenizer tokenizer, string title, EncodedSample sample)
    {
        var (ids, isTarget) = (sample.Tokens.Ids, sample.Tokens.IsTarget);
        json.WriteStartObject();
        json.WriteString("source", title);
        json.WriteBoolean("kept", sample.IsKept);
        json.WriteNumber("whole_length", sample.WholeLength);
        json.WriteNumbers("ids", ids);
        json.WriteNumbers("labels", ids.Select((id, i) => i > 0 && isTarget[i] ? id : Collator.Ignored));
        json.WriteTexts("pieces", ids.Select(tokenizer.Piece));
        json.WriteEndObject();
    }

    /// <summary>The rows of a batch, each with the arrays that the model takes.</summary>
    public static void Write(Utf8JsonWriter json, Batch batch)
    {
        json.WriteNumber("length", batch.Length);
        json.WriteNumber("tokens", batch.Tokens);
        json.WriteNumber("targets", batch.Targets);
        json.WriteStartArray("rows");
        for (var row = 0; row < batch.Rows; row++)
        {
            var range = (row * batch.Length)..((row + 1) * batch.Length);
            json.WriteStartObject();
            json.WriteNumbers("ids", batch.Ids[range]);
            json.WriteNumbers("labels", batch.Labels[range]);
            json.WriteNumbers("positions", batch.Positions[range]);
            json.WriteNumbers("documents", batch.Documents[range]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
