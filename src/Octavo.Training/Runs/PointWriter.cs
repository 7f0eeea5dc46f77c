using Microsoft.Data.Sqlite;

namespace Octavo.Training.Runs;

/// <summary>Metrics of a step, on their way to the disk.</summary>
internal readonly record struct LoggedStep(long Step, long Tokens, DateTimeOffset Time, (string Tag, double Value)[] Values);

/// <summary>Inserts points with statements that are prepared once.</summary>
internal sealed class PointWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _step;
    private readonly SqliteCommand _point;
    private readonly Dictionary<string, long> _tags = [];

    public PointWriter(SqliteConnection connection)
    {
        _connection = connection;
        _step = connection.Make(
            "INSERT INTO step VALUES($1, $2, $3) ON CONFLICT(step) DO UPDATE SET tokens = excluded.tokens, time = excluded.time",
            null, null, null);
        _point = connection.Make(
            "INSERT INTO point VALUES($1, $2, $3) ON CONFLICT(tag, step) DO UPDATE SET value = excluded.value", null, null, null);
    }

    public void Write(SqliteTransaction transaction, List<LoggedStep> steps)
    {
        (_step.Transaction, _point.Transaction) = (transaction, transaction);
        foreach (var step in steps)
        {
            Set(_step, step.Step, step.Tokens, Sql.OfTime(step.Time));
            foreach (var (tag, value) in step.Values)
                Set(_point, TagId(tag), step.Step, Sql.OfNumber(value));
        }
    }

    /// <summary>After a transaction that was taken back, and with it the names that it brought.</summary>
    public void ForgetTags() => _tags.Clear();

    public void Dispose()
    {
        _step.Dispose();
        _point.Dispose();
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private long TagId(string tag)
    {
        if (_tags.TryGetValue(tag, out var known))
            return known;
        _connection.Execute("INSERT INTO tag(name) VALUES($1) ON CONFLICT(name) DO NOTHING", tag);
        return _tags[tag] = (long)_connection.Scalar("SELECT id FROM tag WHERE name = $1", tag)!;
    }
}
