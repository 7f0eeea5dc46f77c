namespace Octavo.Evaluation.Reports;

/// <summary>Fields of comma-separated files (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>A field, in quotes where it has to be.</summary>
    public static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
