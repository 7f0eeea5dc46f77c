using Microsoft.Data.Sqlite;

namespace Octavo.Training.Runs;

/// <summary>Short forms of SQLite's calls. Parameters are <c>$1</c>, <c>$2</c> … in the order of the values.</summary>
internal static class Sql
{
    public static void Execute(this SqliteConnection connection, string text, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Make(text, values);
        command.ExecuteNonQuery();
    }

    public static object? Scalar(this SqliteConnection connection, string text, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Make(text, values);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    public static List<T> Rows<T>(
        this SqliteConnection connection, string text, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Make(text, values);
        using var reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public static SqliteCommand Make(this SqliteConnection connection, string text, params ReadOnlySpan<object?> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this folder
        command.CommandText = text;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        return command;
    }

    /// <summary>SQLite has no value for what is no number; NULL stands for it.</summary>
    public static object OfNumber(double value) => double.IsNaN(value) ? DBNull.Value : value;

    public static double NumberAt(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? double.NaN : reader.GetDouble(column);

    public static string? TextAt(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A time as seconds since 1970.</summary>
    public static double OfTime(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    public static DateTimeOffset TimeAt(this SqliteDataReader reader, int column) =>
        DateTimeOffset.UnixEpoch.AddSeconds(reader.GetDouble(column));
}
