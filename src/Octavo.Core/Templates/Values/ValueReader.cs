using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>Turns the variables of a render from JSON into values.</summary>
internal static class ValueReader
{
    /// <summary>Reads all variables.</summary>
    /// <exception cref="ConfigException">They nest too deep, or JSON that cannot be read lies in them.</exception>
    public static DictValue Read(JsonObject variables) => ReadObject(variables, 1);

    private static Value Read(JsonNode? node, int level)
    {
        if (level > TemplateLimits.ValueNesting)
        {
            throw new ConfigException(
                $"The variables of the chat template nest deeper than {TemplateLimits.ValueNesting} levels. Pass flatter ones.");
        }
        return node switch
        {
            null => NoneValue.Instance,
            JsonObject mapping => ReadObject(mapping, level),
            JsonArray list => ReadArray(list, level),
            _ => ReadScalar((JsonValue)node),
        };
    }

    private static DictValue ReadObject(JsonObject mapping, int level)
    {
        try
        {
            var read = new DictValue(mapping.Count);
            foreach (var (key, item) in mapping) read.Set(key, Read(item, level + 1));
            return read;
        }
        catch (ArgumentException duplicate)
        {
            // JsonObject finds a name that comes twice only when it is gone through.
            throw new ConfigException($"The variables of the chat template have a name twice: {duplicate.Message}", duplicate);
        }
    }

    private static ListValue ReadArray(JsonArray list, int level)
    {
        var items = new Value[list.Count];
        for (var i = 0; i < items.Length; i++) items[i] = Read(list[i], level + 1);
        return new ListValue(items);
    }

    private static Value ReadScalar(JsonValue scalar)
    {
        switch (scalar.GetValueKind())
        {
            case JsonValueKind.Null or JsonValueKind.Undefined: return NoneValue.Instance;
            case JsonValueKind.True: return BoolValue.True;
            case JsonValueKind.False: return BoolValue.False;
            case JsonValueKind.String: return ReadText(scalar);
            case JsonValueKind.Number: return ReadNumber(scalar);
            default:
                throw new ConfigException(
                    $"The chat template's variable at {scalar.GetPath()} holds a {scalar.GetValueKind()} inside one value. Pass JSON nodes.");
        }
    }

    private static StringValue ReadText(JsonValue scalar)
    {
        try
        {
            // Dates, characters and the like become the texts that JSON has for them.
            if (!scalar.TryGetValue<string>(out var text)) text = JsonNode.Parse(scalar.ToJsonString())!.GetValue<string>();
            return new StringValue(text);
        }
        catch (InvalidOperationException broken)
        {
            throw new ConfigException(
                $"The chat template's variable at {scalar.GetPath()} is a text with half a character in it. Repair it. {broken.Message}", broken);
        }
    }

    // The way a number is written decides: 2 is an int, 2.0 and 2e0 are floats. A .NET double is always a float.
    private static Value ReadNumber(JsonValue scalar)
    {
        if (!scalar.TryGetValue<JsonElement>(out var element))
        {
            if (scalar.TryGetValue<double>(out var number)) return new FloatValue(number);
            if (scalar.TryGetValue<float>(out var single)) return new FloatValue(single);
        }
        var digits = element.ValueKind == JsonValueKind.Number ? element.GetRawText() : scalar.ToJsonString();
        if (digits.AsSpan().ContainsAny('.', 'e', 'E')) return new FloatValue(double.Parse(digits, CultureInfo.InvariantCulture));
        if (digits.Length > BigIntValue.MaxDigits)
        {
            throw new ConfigException(
                $"The chat template's variable at {scalar.GetPath()} is a number of {digits.Length} digits. Pass it as a text.");
        }
        return Numbers.FromDigits(digits.TrimStart('-'), digits[0] == '-');
    }
}
