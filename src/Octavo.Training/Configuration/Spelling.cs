using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Octavo.Training.Configuration;

/// <summary>How names of the code are written in a YAML file: in snake_case, unless they say otherwise.</summary>
internal static class Spelling
{
    /// <summary>A property's key.</summary>
    public static string Of(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    /// <summary>A choice's word.</summary>
    public static string Of(Enum choice)
    {
        var name = choice.ToString();
        var own = choice.GetType().GetField(name)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>();
        return own?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    /// <summary>All words of a type of choices.</summary>
    public static IReadOnlyDictionary<string, Enum> Words(Type choices) =>
        Enum.GetValues(choices).Cast<Enum>().ToDictionary(Of, StringComparer.Ordinal);
}
