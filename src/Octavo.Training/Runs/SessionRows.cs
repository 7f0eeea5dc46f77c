using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Octavo.Training.Runs;

/// <summary>Reads the processes that worked on a run, and which of them live.</summary>
internal static class SessionRows
{
    private const string Select = """
        SELECT name, recipe, config, seed, revision, machine, command, from_step, space, pid, pid_start,
            started, heartbeat, ended, status, message
        FROM session ORDER BY number
        """;

    /// <param name="connection">The run's database.</param>
    /// <param name="now">The present.</param>
    public static List<RunSession> Read(SqliteConnection connection, DateTimeOffset now) => connection.Rows(Select, row =>
    {
        var info = new RunInfo(
            row.GetString(0), row.GetString(1), row.GetString(2), ulong.Parse(row.GetString(3), CultureInfo.InvariantCulture),
            row.GetString(4), row.GetString(5), row.GetString(6));
        var mark = new ProcessMark(row.GetString(8), row.GetInt32(9), row.IsDBNull(10) ? null : row.GetInt64(10));
        var status = Enum.Parse<RunStatus>(row.GetString(14));
        var heartbeat = row.TimeAt(12);
        DateTimeOffset? ended = row.IsDBNull(13) ? null : row.TimeAt(13);
        if (status == RunStatus.Running && !mark.IsAlive(heartbeat, now))
            (status, ended) = (RunStatus.Killed, heartbeat);
        return new RunSession(info, row.GetInt64(7), mark.ProcessId, row.TimeAt(11), ended, status, row.TextAt(15));
    });
}
