using Microsoft.Data.Sqlite;
using Octavo.Core;

namespace Octavo.Training.Runs;

/// <summary>The file <c>metrics.sqlite</c> of a run: how it is opened, what tables it has, and what its failures mean.</summary>
internal static class RunDatabase
{
    public const string FileName = "metrics.sqlite";

    // "octr", so that `file` and SQLite's tools tell such a database from others
    private const long Application = 0x6F637472;
    private const long Version = 1;
    private const int Full = 13, Denied = 8, CannotOpen = 14, Locked = 5;

    /// <summary>Makes the table of answers during a run; runs that began without it get it when they go on.</summary>
    public const string AnswerTable =
        "CREATE TABLE IF NOT EXISTS answer(step INTEGER NOT NULL, place INTEGER NOT NULL, prompt TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY(step, place))";

    private const string Schema = """
        PRAGMA application_id = 1868788850;
        PRAGMA user_version = 1;
        CREATE TABLE run(id TEXT NOT NULL);
        CREATE TABLE session(
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, recipe TEXT NOT NULL, config TEXT NOT NULL, seed TEXT NOT NULL,
            revision TEXT NOT NULL, machine TEXT NOT NULL, command TEXT NOT NULL, from_step INTEGER NOT NULL,
            space TEXT NOT NULL, pid INTEGER NOT NULL, pid_start INTEGER,
            started REAL NOT NULL, heartbeat REAL NOT NULL, ended REAL, status TEXT NOT NULL, message TEXT);
        CREATE TABLE tag(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE step(step INTEGER PRIMARY KEY, tokens INTEGER NOT NULL, time REAL NOT NULL);
        CREATE TABLE point(
            tag INTEGER NOT NULL REFERENCES tag, step INTEGER NOT NULL, value REAL, PRIMARY KEY(tag, step)) WITHOUT ROWID;
        CREATE TABLE note(id INTEGER PRIMARY KEY, step INTEGER NOT NULL, time REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
        CREATE TABLE sample(id INTEGER PRIMARY KEY, prompt TEXT NOT NULL, before TEXT, after TEXT NOT NULL);
        CREATE TABLE fact(
            section TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY(section, name));
        """;

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Whether the folder holds a run, be it readable or not.</summary>
    public static bool IsIn(string folder) => File.Exists(PathIn(folder));

    /// <summary>Opens the database to write it; an empty one gets its tables by <see cref="MakeTables"/>.</summary>
    public static SqliteConnection OpenToWrite(string folder) => Guarded(folder, isReading: false, () =>
    {
        var connection = Open(folder, SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (connection.Scalar("PRAGMA journal_mode = WAL") is not "wal")
            {
                throw new ConfigException(
                    $"{folder}: this file system cannot keep a log beside a database, so a crash could break it. Put the run on a local disk.");
            }
            // a commit once a second can be brought to the disk each time: then a power cut loses no more than a kill does
            connection.Execute("PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    /// <summary>Opens a run's database to read it, also while another process writes.</summary>
    /// <exception cref="InputFileException">There is none, or it cannot be read.</exception>
    public static SqliteConnection OpenToRead(string folder)
    {
        if (!IsIn(folder))
            throw new InputFileException($"{folder}: holds no {FileName}, so it is no run. `octavo runs` lists those that are there.");
        return Guarded(folder, isReading: true, () =>
        {
            var connection = Open(folder, SqliteOpenMode.ReadOnly);
            try
            {
                Check(connection, folder);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>Whether the database has no table yet.</summary>
    public static bool IsEmpty(SqliteConnection connection) => connection.Scalar("SELECT count(*) FROM sqlite_master") is 0L;

    public static void MakeTables(SqliteConnection connection) => connection.Execute(Schema);

    /// <summary>Refuses a database of something else, or of a newer program.</summary>
    public static void Check(SqliteConnection connection, string folder)
    {
        if (IsEmpty(connection))
            throw new InputFileException($"{PathIn(folder)}: holds nothing yet; its run ended before it began.");
        if (connection.Scalar("PRAGMA application_id") is not Application)
            throw new InputFileException($"{PathIn(folder)}: is a database of something else, not of a run.");
        if (connection.Scalar("PRAGMA user_version") is long version and not Version)
        {
            throw new InputFileException(
                $"{PathIn(folder)}: has version {version}; this program reads version {Version}. Take the program that wrote it.");
        }
    }

    /// <summary>Runs work on a database, and says what a failure of it means.</summary>
    /// <exception cref="InputFileException">The database is broken.</exception>
    /// <exception cref="ResourceException">The disk is full or fails, or another process keeps the database locked.</exception>
    /// <exception cref="ConfigException">The place cannot be written.</exception>
    public static T Guarded<T>(string folder, bool isReading, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            var path = PathIn(folder);
            throw error.SqliteErrorCode switch
            {
                Locked => new ResourceException($"{path}: another process keeps it locked: {error.Message} Try again when it has ended.", error),
                _ when isReading => new InputFileException($"{path}: cannot be read: {error.Message}", error),
                Denied or CannotOpen => new ConfigException($"{path}: cannot be written: {error.Message} Give a folder that can be.", error),
                Full => new ResourceException($"{path}: the disk is full. What was logged before is kept; make room and resume the run.", error),
                _ => new ResourceException($"{path}: writing stopped: {error.Message} What was logged before is kept.", error),
            };
        }
    }

    private static SqliteConnection Open(string folder, SqliteOpenMode mode)
    {
        // not pooled: a pool would keep files open that somebody wants to move or delete
        var text = new SqliteConnectionStringBuilder { DataSource = PathIn(folder), Mode = mode, Pooling = false }.ToString();
        var connection = new SqliteConnection(text);
        connection.Open();
        return connection;
    }
}
