using System.Text.Json;
using Octavo.Core;

namespace Octavo.Training.Data.Forms;

/// <summary>Finds out how a data file lays out its rows, once for the whole file.</summary>
internal static class FormDetector
{
    /// <summary>Chooses the form.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="place">Where it is, for people.</param>
    /// <param name="name">The form that the configuration names, or null to go by the columns.</param>
    /// <param name="columns">For columns of other names: the usual name and the name in the file.</param>
    /// <exception cref="ConfigException">
    /// No form fits or more than one does, or a name is unknown; the message lists the columns and the forms.
    /// </exception>
    public static FormReader Detect(JsonElement row, string place, string? name, IReadOnlyDictionary<string, string> columns)
    {
        var found = row.EnumerateObject().Select(column => column.Name).ToList();
        CheckColumns(found, place, columns);
        bool Has(string column) => found.Contains(columns.GetValueOrDefault(column, column));
        if (name is not null)
        {
            var form = RowForm.All.FirstOrDefault(form => form.Name == name) ?? throw new ConfigException(
                $"there is no form '{name}'. Known forms: {Known}.");
            var missing = form.Required.Where(column => !Has(column)).ToList();
            if (missing.Count > 0)
                throw new ConfigException($"{place}: the form {form} needs {Names(missing)}; the columns are {Names(found)}. {Advice}");
            return new FormReader(form, columns);
        }
        var fitting = RowForm.All.Where(form => form.Required.All(Has)).ToList();
        return fitting.Count switch
        {
            1 => new FormReader(fitting[0], columns),
            0 => throw new ConfigException(
                $"{place}: the columns {Names(found)} are of no known form. Known forms: {Known}. {Advice}"),
            _ => throw new ConfigException(
                $"{place}: the columns {Names(found)} fit more than one form: {string.Join("; ", fitting)}. "
                + $"Choose by form: {fitting[0].Name}."),
        };
    }

    private const string Advice = "Name columns of other names, such as columns: {messages: dialog}.";

    private static string Known => string.Join("; ", RowForm.All);

    private static void CheckColumns(List<string> found, string place, IReadOnlyDictionary<string, string> columns)
    {
        var usual = RowForm.All.SelectMany(form => form.Required.Concat(form.Optional)).Distinct().ToList();
        foreach (var (name, actual) in columns)
        {
            if (!usual.Contains(name))
                throw new ConfigException($"columns names '{name}', which no form has. Columns of the forms: {string.Join(", ", usual)}.");
            if (!found.Contains(actual))
                throw new ConfigException($"{place}: there is no column '{actual}' for {name}; the columns are {Names(found)}.");
        }
    }

    private static string Names(List<string> columns) => columns.Count == 0 ? "none" : string.Join(", ", columns);
}
