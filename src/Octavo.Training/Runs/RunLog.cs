using Microsoft.Data.Sqlite;
using Octavo.Core;
using Octavo.Training.Runs.TensorBoard;

namespace Octavo.Training.Runs;

/// <summary>
/// Records a run in its folder: metrics, notes, samples and facts in <c>metrics.sqlite</c>, the metrics also in a file that TensorBoard
/// reads. Points are gathered and written once a second, so a process that is killed loses no more than that, and the database stays
/// readable. Safe for several threads. End it with <see cref="Finish"/>; one that is only disposed counts as failed.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private static readonly TimeSpan _writeEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _beatEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly TimeProvider _clock;
    private readonly SqliteConnection _connection;
    private readonly PointWriter _points;
    private readonly EventFile? _events;
    private readonly ITimer _timer;
    private readonly long _session;
    private readonly List<LoggedStep> _pending = [];
    private OctavoException? _failure;
    private DateTimeOffset _beat;
    private long _lastStep;
    private bool _isEnded, _isDisposed;

    private RunLog(string folder, string id, SqliteConnection connection, long session, long? resumedStep, TimeProvider clock, bool writesEvents)
    {
        (Folder, Id, _connection, _session, _clock) = (folder, id, connection, session, clock);
        _lastStep = resumedStep ?? long.MinValue;
        _points = new PointWriter(connection);
        _events = writesEvents ? new EventFile(folder, session, clock.GetUtcNow(), resumedStep) : null;
        _beat = clock.GetUtcNow();
        _timer = clock.CreateTimer(_ => WriteOrKeepFailure(), null, _writeEvery, _writeEvery);
    }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>Unique among all runs, such as 20261128-201530-3f9a.</summary>
    public string Id { get; }

    /// <summary>Begins a run.</summary>
    /// <param name="folder">Is made where it is not there.</param>
    /// <param name="info">What the run is.</param>
    /// <param name="clock">The time; the system's by default.</param>
    /// <param name="writesEvents">Whether there is a file for TensorBoard, too.</param>
    /// <exception cref="ConfigException">The folder holds a run already, or cannot be written.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static RunLog Create(string folder, RunInfo info, TimeProvider? clock = null, bool writesEvents = true) =>
        Open(folder, info, null, clock ?? TimeProvider.System, writesEvents);

    /// <summary>
    /// Goes on with a run from the step of a checkpoint. What was logged after that step is removed, so that the resumed run has the
    /// points of one that was never interrupted.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="info">What the run is now; settings may have changed.</param>
    /// <param name="step">The last step that the checkpoint holds, 0 for the beginning.</param>
    /// <param name="clock">The time; the system's by default.</param>
    /// <param name="writesEvents">Whether there is a file for TensorBoard, too.</param>
    /// <exception cref="ConfigException">Another process is writing the run, or it cannot be written.</exception>
    /// <exception cref="InputFileException">There is no run, or its database is broken.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static RunLog Resume(string folder, RunInfo info, long step, TimeProvider? clock = null, bool writesEvents = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        // also says what is wrong with the database, in the words for an input
        using (RunDatabase.OpenToRead(folder))
            return Open(folder, info, step, clock ?? TimeProvider.System, writesEvents);
    }

    /// <summary>
    /// Records metrics after a step. Steps of successive calls do not go down; of two values of one metric and step the later one holds.
    /// </summary>
    /// <param name="step">The number of steps done.</param>
    /// <param name="tokens">Trained on since the run began, resumptions included.</param>
    /// <param name="values">Names (see <see cref="RunTags"/>) and values; what is no number or infinite is recorded as such. Copied.</param>
    /// <exception cref="OctavoException">What was logged before could not be written.</exception>
    public void Log(long step, long tokens, IReadOnlyList<(string Tag, double Value)> values)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isEnded, this);
            ThrowFailure();
            ArgumentOutOfRangeException.ThrowIfLessThan(step, _lastStep);
            _lastStep = step;
            _pending.Add(new LoggedStep(step, tokens, _clock.GetUtcNow(), [.. values]));
        }
    }

    /// <summary>Records that something happened, at once.</summary>
    /// <param name="step">After which step.</param>
    /// <param name="kind">One word; see <see cref="RunNote"/>.</param>
    /// <param name="text">What happened.</param>
    public void Note(long step, string kind, string text) => Change(() => _connection.Execute(
        "INSERT INTO note(step, time, kind, text) VALUES($1, $2, $3, $4)", step, Sql.OfTime(_clock.GetUtcNow()), kind, text));

    /// <summary>Records what a model answered before and after training; replaces what was recorded so before.</summary>
    public void Samples(IReadOnlyList<RunSample> samples) => Change(() =>
    {
        _connection.Execute("DELETE FROM sample");
        foreach (var sample in samples)
            _connection.Execute("INSERT INTO sample(prompt, before, after) VALUES($1, $2, $3)", sample.Prompt, sample.Before, sample.After);
    });

    /// <summary>Records what the model under training answered after a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="answers">Prompts and answers, always in the same order.</param>
    public void Answers(long step, IReadOnlyList<(string Prompt, string Text)> answers) => Change(() =>
    {
        _connection.Execute(RunDatabase.AnswerTable);
        for (var place = 0; place < answers.Count; place++)
            _connection.Execute("INSERT OR REPLACE INTO answer VALUES($1, $2, $3, $4)", step, place, answers[place].Prompt, answers[place].Text);
    });

    /// <summary>Records names and values for the report; one of the same section and name is replaced.</summary>
    public void Facts(IReadOnlyList<RunFact> facts) => Change(() =>
    {
        foreach (var fact in facts)
        {
            _connection.Execute(
                "INSERT INTO fact VALUES($1, $2, $3, (SELECT count(*) FROM fact)) "
                + "ON CONFLICT(section, name) DO UPDATE SET value = excluded.value",
                fact.Section, fact.Name, fact.Value);
        }
    });

    /// <summary>
    /// Brings everything that was logged to the disk. Call it before a checkpoint gets its name: a run that goes on from there then
    /// has every point up to it.
    /// </summary>
    public void Flush() => Change(() => { });

    /// <summary>Ends the run.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="message">Why, for one that failed or was stopped.</param>
    public void Finish(RunStatus status, string? message = null)
    {
        if (status is RunStatus.Running or RunStatus.Killed)
            throw new ArgumentOutOfRangeException(nameof(status), status, "a run ends done, failed or stopped.");
        Change(() => _connection.Execute(
            "UPDATE session SET status = $2, message = $3, ended = $4, heartbeat = $4 WHERE number = $1",
            _session, status.ToString(), message, Sql.OfTime(_clock.GetUtcNow())));
        lock (_gate)
            _isEnded = true;
    }

    /// <summary>Writes what is left. The run counts as failed where it was not finished.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _timer.Dispose();
        try
        {
            if (!_isEnded && _failure is null)
                Finish(RunStatus.Failed, "the process left the run without a word.");
        }
        catch (OctavoException)
        {
            // the failure that led here is already on its way
        }
        // before the database closes: the timer may be about to write once more
        lock (_gate)
            _isEnded = true;
        lock (_writing)
        {
            _points.Dispose();
            _events?.Dispose();
            LeaveOneFile();
            _connection.Dispose();
        }
    }

    private static RunLog Open(string folder, RunInfo info, long? step, TimeProvider clock, bool writesEvents)
    {
        RunFolders.Make(folder);
        var connection = RunDatabase.OpenToWrite(folder);
        try
        {
            return RunDatabase.Guarded(folder, isReading: false, () =>
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                var (id, session) = new SessionOpening(connection, folder, clock.GetUtcNow()).Begin(info, step);
                transaction.Commit();
                return new RunLog(folder, id, connection, session, step, clock, writesEvents);
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isEnded, this);
            ThrowFailure();
        }
        Write(change);
    }

    private void WriteOrKeepFailure()
    {
        try
        {
            if (_pending.Count > 0 || _clock.GetUtcNow() - _beat >= _beatEvery)
                Write(() => { });
        }
        catch (OctavoException error)
        {
            // there is nobody to tell on a timer's thread: the next call does
            lock (_gate)
                _failure ??= error;
        }
    }

    /// <summary>One transaction: what was gathered, a sign of life, and a change.</summary>
    private void Write(Action change)
    {
        lock (_writing)
        {
            List<LoggedStep> steps;
            lock (_gate)
            {
                if (_isEnded)
                    return;
                steps = [.. _pending];
            }
            _beat = _clock.GetUtcNow();
            RunDatabase.Guarded(Folder, isReading: false, () => Commit(steps, change));
            // only now: what could not be written is tried again with the next
            lock (_gate)
                _pending.RemoveRange(0, steps.Count);
            WriteEvents(steps);
        }
    }

    private bool Commit(List<LoggedStep> steps, Action change)
    {
        var isDone = false;
        using var transaction = _connection.BeginTransaction(deferred: false);
        try
        {
            _points.Write(transaction, steps);
            _connection.Execute("UPDATE session SET heartbeat = $2 WHERE number = $1", _session, Sql.OfTime(_beat));
            change();
            transaction.Commit();
            return isDone = true;
        }
        finally
        {
            if (!isDone)
                _points.ForgetTags();
        }
    }

    private void WriteEvents(List<LoggedStep> steps)
    {
        if (_events is null)
            return;
        try
        {
            foreach (var step in steps)
                _events.Write(step.Time, step.Step, step.Values);
            _events.Flush();
        }
        catch (IOException error)
        {
            throw new ResourceException($"{_events.Path}: writing stopped: {error.Message} Make room and resume the run.", error);
        }
    }

    // a run that ended is one file that can be copied, also from a disk that cannot be written
    private void LeaveOneFile()
    {
        try
        {
            _connection.DefaultTimeout = 1;
            _connection.Execute("PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException)
        {
            // somebody is reading it: the log stays beside the database until the next writer ends
        }
    }

    private void ThrowFailure()
    {
        if (_failure is not null)
            throw _failure;
    }
}
