using Microsoft.Data.Sqlite;
using Octavo.Core;

namespace Octavo.Training.Runs;

/// <summary>Reads a run, finished or not, also while another process writes it. For one thread.</summary>
internal sealed class RunReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _folder;

    /// <summary>Opens a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="clock">The time; the system's by default.</param>
    /// <exception cref="InputFileException">There is no run, or it cannot be read.</exception>
    public RunReader(string folder, TimeProvider? clock = null)
    {
        _folder = folder;
        _connection = RunDatabase.OpenToRead(folder);
        try
        {
            Header = Guarded(() => ReadHeader((clock ?? TimeProvider.System).GetUtcNow()));
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public RunHeader Header { get; }

    /// <summary>The newest step; null where none was logged.</summary>
    public RunStep? LastStep() => Guarded(() => ReadSteps("ORDER BY step DESC LIMIT 1")) is [var last] ? last : null;

    /// <summary>Every step that was logged, in order.</summary>
    public IReadOnlyList<RunStep> Steps() => Guarded(() => ReadSteps("ORDER BY step"));

    /// <summary>Names of all metrics, in alphabetical order.</summary>
    public IReadOnlyList<string> Tags() => Guarded(() => _connection.Rows(
        "SELECT name FROM tag WHERE EXISTS(SELECT 1 FROM point WHERE point.tag = tag.id) ORDER BY name", row => row.GetString(0)));

    /// <summary>A metric's points in the order of their steps; none where it was never logged.</summary>
    public IReadOnlyList<RunPoint> Series(string tag) => Guarded(() => _connection.Rows(
        "SELECT step, value FROM point WHERE tag = (SELECT id FROM tag WHERE name = $1) ORDER BY step",
        row => new RunPoint(row.GetInt64(0), row.NumberAt(1)), tag));

    /// <summary>A metric's newest point; null where there is none.</summary>
    public RunPoint? Last(string tag) => Guarded(() => _connection.Rows(
        "SELECT step, value FROM point WHERE tag = (SELECT id FROM tag WHERE name = $1) ORDER BY step DESC LIMIT 1",
        row => new RunPoint(row.GetInt64(0), row.NumberAt(1)), tag)) is [var last] ? last : null;

    public IReadOnlyList<RunNote> Notes() => Guarded(() => _connection.Rows(
        "SELECT step, time, kind, text FROM note ORDER BY id",
        row => new RunNote(row.GetInt64(0), row.TimeAt(1), row.GetString(2), row.GetString(3))));

    public IReadOnlyList<RunSample> Samples() => Guarded(() => _connection.Rows(
        "SELECT prompt, before, after FROM sample ORDER BY id", row => new RunSample(row.GetString(0), row.TextAt(1), row.GetString(2))));

    /// <summary>Answers during the run, by step and then in the order of the prompts; none where none were asked for.</summary>
    public IReadOnlyList<RunAnswer> Answers() => Guarded(() => _connection.Scalar("SELECT name FROM sqlite_master WHERE name = 'answer'") is null
        ? []
        : _connection.Rows(
            "SELECT step, prompt, text FROM answer ORDER BY step, place", row => new RunAnswer(row.GetInt64(0), row.GetString(1), row.GetString(2))));

    public IReadOnlyList<RunFact> Facts() => Guarded(() => _connection.Rows(
        "SELECT section, name, value FROM fact ORDER BY place", row => new RunFact(row.GetString(0), row.GetString(1), row.GetString(2))));

    public void Dispose() => _connection.Dispose();

    private RunHeader ReadHeader(DateTimeOffset now)
    {
        var sessions = SessionRows.Read(_connection, now);
        return _connection.Scalar("SELECT id FROM run") is string id && sessions.Count > 0
            ? new RunHeader(id, _folder, sessions)
            : throw new InputFileException($"{RunDatabase.PathIn(_folder)}: names no run; it is damaged.");
    }

    private List<RunStep> ReadSteps(string order) => _connection.Rows(
        "SELECT step, tokens, time FROM step " + order, row => new RunStep(row.GetInt64(0), row.GetInt64(1), row.TimeAt(2)));

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return RunDatabase.Guarded(_folder, isReading: true, read);
        }
        catch (Exception error) when (error is InvalidCastException or FormatException or ArgumentException or OverflowException)
        {
            throw new InputFileException($"{RunDatabase.PathIn(_folder)}: holds what no run writes: {error.Message}", error);
        }
    }
}
