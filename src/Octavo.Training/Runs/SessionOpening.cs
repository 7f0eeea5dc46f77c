using System.Globalization;
using Microsoft.Data.Sqlite;
using Octavo.Core;

namespace Octavo.Training.Runs;

/// <summary>Writes down that a process begins or resumes a run; inside a transaction of the caller's.</summary>
internal sealed class SessionOpening(SqliteConnection connection, string folder, DateTimeOffset now)
{
    /// <returns>The run's id and the new session's number.</returns>
    public (string Id, long Session) Begin(RunInfo info, long? step)
    {
        if (RunDatabase.IsEmpty(connection))
            RunDatabase.MakeTables(connection);
        else
            RunDatabase.Check(connection, folder);
        var id = connection.Scalar("SELECT id FROM run") as string;
        if (id is not null && step is null)
            throw new ConfigException($"{folder}: holds the run {id} already; resume it, or give another folder.");
        if (id is not null)
            CloseLast();
        else
            connection.Execute("INSERT INTO run VALUES($1)", id = NewId());
        if (step is { } last)
            RemoveAfter(last);
        return (id, Insert(info, step ?? 0));
    }

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..4]}");

    /// <summary>Refuses a run that somebody writes, and ends the session of one that was killed at its last sign of life.</summary>
    private void CloseLast()
    {
        var last = SessionRows.Read(connection, now)[^1];
        if (last.Status == RunStatus.Running)
        {
            throw new ConfigException(
                $"{folder}: process {last.ProcessId} on {last.Info.Machine} is writing this run. Wait for its end, or stop it.");
        }
        connection.Execute("UPDATE session SET status = 'Killed', ended = heartbeat WHERE status = 'Running'");
    }

    private void RemoveAfter(long step)
    {
        var lastLogged = connection.Scalar("SELECT max(step) FROM step") as long?;
        connection.Execute("DELETE FROM point WHERE step > $1", step);
        connection.Execute("DELETE FROM step WHERE step > $1", step);
        connection.Execute("DELETE FROM note WHERE step > $1", step);
        connection.Execute(RunDatabase.AnswerTable);
        connection.Execute("DELETE FROM answer WHERE step > $1", step);
        var text = lastLogged > step
            ? string.Create(CultureInfo.InvariantCulture, $"from step {step}; points of the steps to {lastLogged} were removed")
            : string.Create(CultureInfo.InvariantCulture, $"from step {step}");
        connection.Execute("INSERT INTO note(step, time, kind, text) VALUES($1, $2, 'resumed', $3)", step, Sql.OfTime(now), text);
    }

    private long Insert(RunInfo info, long step)
    {
        var mark = ProcessMark.OfThis();
        connection.Execute(
            """
            INSERT INTO session(
                name, recipe, config, seed, revision, machine, command, from_step, space, pid, pid_start, started, heartbeat, status)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 'Running')
            """,
            info.Name, info.Recipe, info.Config, info.Seed.ToString(CultureInfo.InvariantCulture), info.Commit, info.Machine,
            info.CommandLine, step, mark.Space, mark.ProcessId, mark.Start, Sql.OfTime(now));
        return (long)connection.Scalar("SELECT max(number) FROM session")!;
    }
}
