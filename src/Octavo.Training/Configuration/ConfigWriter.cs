using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Octavo.Training.Configuration;

/// <summary>
/// Writes configurations: the resolved one of a run, which reads back as the same, and single values for tables and checkpoints.
/// </summary>
internal static partial class ConfigWriter
{
    private static readonly JsonSerializerOptions _texts = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All keys with their values, as YAML.</summary>
    public static string ToYaml<T>(this T config) where T : class, IRecipeConfig
    {
        var text = new StringBuilder($"# octavo train {T.Recipe}\n");
        var section = "";
        foreach (var key in ConfigKey.Of(typeof(T)))
        {
            var dot = key.Name.LastIndexOf('.');
            var (outer, name) = dot < 0 ? ("", key.Name) : (key.Name[..dot], key.Name[(dot + 1)..]);
            if (outer != section && outer != "")
                text.Append(CultureInfo.InvariantCulture, $"{outer}:\n");
            section = outer;
            text.Append(CultureInfo.InvariantCulture, $"{(outer == "" ? "" : "  ")}{name}: {Value(key.In(config))}\n");
        }
        return text.ToString();
    }

    /// <summary>A value as YAML, on one line.</summary>
    public static string Value(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant(),
        Enum choice => Spelling.Of(choice),
        string text => Text(text),
        ResumeChoice resume => Text(resume.Text),
        DatasetMixer mixer => $"[{string.Join(", ", mixer.Parts.Select(Part))}]",
        IEnumerable<string> texts => $"[{string.Join(", ", texts.Select(Text))}]",
        IEnumerable<long> numbers => $"[{string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}]",
        IEnumerable<Reporter> reporters => $"[{string.Join(", ", reporters.Select(reporter => Spelling.Of(reporter)))}]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Part(DatasetPart part) =>
        $"{{path: {Text(part.Path)}, {part switch
        {
            { SamplingWeight: { } often } => $"sampling_weight: {Value(often)}",
            { Count: { } count } => $"count: {Value(count)}",
            _ => $"weight: {Value(part.Weight)}",
        }}}}";

    // JSON's quotes and escapes are YAML's, too
    private static string Text(string text) =>
        PlainText().IsMatch(text) && !Reserved().IsMatch(text) ? text : JsonSerializer.Serialize(text, _texts);

    [GeneratedRegex(@"^[A-Za-z/][A-Za-z0-9_./-]*\z")]
    private static partial Regex PlainText();

    [GeneratedRegex(@"^(true|false|yes|no|on|off|y|n|null)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();
}
