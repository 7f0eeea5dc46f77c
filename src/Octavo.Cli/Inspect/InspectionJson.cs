using System.Collections;
using System.Globalization;
using System.Text.Json;
using Octavo.Cli.Estimate;
using Octavo.Cli.Output;
using Octavo.Models;

namespace Octavo.Cli.Inspect;

/// <summary>An inspection for machines.</summary>
internal static class InspectionJson
{
    private const int LongestArray = 16;

    public static void Write(Inspection inspection, Utf8JsonWriter json)
    {
        json.WriteString("path", inspection.Path);
        json.WriteString("format", inspection.Format);
        json.WriteNumber("bytes", inspection.StoredBytes);
        if (inspection.Model is { } model)
        {
            json.WriteString("architecture", model.Architecture);
            json.WriteNumber("parameters", ModelListing.ParameterCount(model));
            json.WriteNumber("layers", model.Stacks.Sum(stack => stack.Layers.Count));
            json.WriteNumber("hiddenSize", model.HiddenSize);
            json.WriteNumber("vocabularySize", model.VocabularySize);
            json.WriteNumber("contextLength", model.ContextLength);
        }
        if (inspection.Unsupported is { } reason)
            json.WriteString("unsupported", reason);
        if (inspection.Memory is { } memory)
        {
            json.WriteStartObject("memory");
            foreach (var part in memory.Parts)
                json.WriteNumber($"{PartText.Key(part.Use)}Bytes", part.Bytes);
            json.WriteNumber("totalBytes", memory.Total);
            json.WriteEndObject();
        }
        WriteTokenizer(inspection, json);
        if (inspection.Template is { } template)
            json.WriteString("chatTemplate", template);
        else
            json.WriteNull("chatTemplate");
        json.WriteTexts("notes", inspection.Notes);
        json.WriteTexts("unusedKeys", inspection.UnknownKeys);
        WriteConfig(inspection, json);
        WriteTensors(inspection, json);
    }

    private static void WriteTokenizer(Inspection inspection, Utf8JsonWriter json)
    {
        json.WriteStartObject("tokenizer");
        if (inspection.Tokenizer is { } tokenizer)
        {
            json.WriteNumber("vocabularySize", tokenizer.VocabularySize);
            WriteId(json, "bosId", tokenizer.BosId);
            WriteId(json, "eosId", tokenizer.EosId);
            json.WriteNumbers("stopIds", inspection.StopIds);
        }
        else
        {
            json.WriteString("missing", inspection.NoTokenizer);
        }
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, string name, int? id)
    {
        if (id is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private static void WriteConfig(Inspection inspection, Utf8JsonWriter json)
    {
        json.WritePropertyName("config");
        if (inspection.Config is { } config)
        {
            config.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        foreach (var (key, value) in inspection.Metadata?.Values ?? new Dictionary<string, object>())
        {
            json.WritePropertyName(key);
            WriteValue(json, value);
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case float.NaN or double.NaN or float.PositiveInfinity or float.NegativeInfinity or double.PositiveInfinity or double.NegativeInfinity:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case float single: json.WriteNumberValue(single); break;
            case double real: json.WriteNumberValue(real); break;
            case ulong large: json.WriteNumberValue(large); break;
            case Array { Length: > LongestArray } array:
                json.WriteStringValue($"[{array.Length} of {array.GetType().GetElementType()!.Name}]");
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items)
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static void WriteTensors(Inspection inspection, Utf8JsonWriter json)
    {
        json.WriteStartArray("types");
        foreach (var (type, count, bytes) in inspection.Types)
        {
            json.WriteStartObject();
            json.WriteString("type", type.ToString());
            json.WriteNumber("tensors", count);
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("tensors");
        foreach (var tensor in inspection.Tensors?.Tensors ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("type", tensor.Type.ToString());
            json.WriteStartArray("shape");
            foreach (var size in tensor.Shape)
                json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteNumber("bytes", tensor.ByteLength);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
