using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Store;

namespace Octavo.Evaluation.Studies;

/// <summary>
/// The rows of a study: <c>runs.jsonl</c>, a header and a line of JSON for each cell that was run. A row is on the disk when <see cref="Add"/>
/// returns, so that a process that is killed loses at most the cell that it was running. One process writes; for one thread. Rows that are
/// kept for reading may lie beside as <c>runs.jsonl.gz</c>; they are taken where there is no <c>runs.jsonl</c>.
/// </summary>
internal sealed class StudyLog : IDisposable
{
    public const string FileName = "runs.jsonl";

    private const string Packed = ".gz";

    private readonly FileStream _stream;
    private readonly string _path;
    private readonly StudyPlan _plan;
    private StudyRows _rows;

    private StudyLog(string path, FileStream stream, StudyPlan plan, StudyRows rows) => (_path, _stream, _plan, _rows) = (path, stream, plan, rows);

    /// <summary>What is there.</summary>
    public StudyRows Rows => _rows;

    /// <summary>Opens a study's rows to go on with them; a last line that was cut off is cut away.</summary>
    /// <param name="folder">Made where it does not exist.</param>
    /// <param name="plan">What the rows are of.</param>
    /// <exception cref="ConfigException">The rows are of another plan, or the plan is wrong.</exception>
    /// <exception cref="InputFileException">A line is damaged.</exception>
    /// <exception cref="ResourceException">The folder cannot be written to, or another process writes.</exception>
    public static StudyLog Open(string folder, StudyPlan plan)
    {
        plan.Validate();
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(path) && File.Exists(path + Packed))
                Unpack(path);
            return Open(path, plan, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ResourceException($"{path}: cannot be written: {error.Message} Is the same study running elsewhere?", error);
        }
    }

    /// <summary>The rows of a study as they are, for a report.</summary>
    /// <exception cref="ConfigException">The rows are of another plan, or the plan is wrong.</exception>
    /// <exception cref="InputFileException">There are none, or a line is damaged.</exception>
    public static StudyRows Read(string folder, StudyPlan plan)
    {
        plan.Validate();
        var path = Path.Combine(folder, FileName);
        try
        {
            return StudyRows.Parse(Bytes(path), path, plan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path}: cannot be read: {error.Message} Run the study first: octavo study {plan.Name}.", error);
        }
    }

    private static byte[] Bytes(string path)
    {
        if (File.Exists(path) || !File.Exists(path + Packed))
            return File.ReadAllBytes(path);
        try
        {
            using var packed = new GZipStream(File.OpenRead(path + Packed), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            packed.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw new InputFileException($"{path}{Packed}: it is damaged: {error.Message}", error);
        }
    }

    private static void Unpack(string path)
    {
        using var file = new IncompleteFile(path);
        file.Write(stream => stream.Write(Bytes(path)));
        file.Keep(overwrite: false);
    }

    private static StudyLog Open(string path, StudyPlan plan, FileStream stream)
    {
        try
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var rows = StudyRows.Parse(bytes, path, plan);
            stream.SetLength(rows.Bytes);
            stream.Position = rows.Bytes;
            var log = new StudyLog(path, stream, plan, rows);
            if (rows.Bytes == 0)
                log.Append(JsonSerializer.Serialize(StudyHeader.Of(plan), StudyJson.Lines.StudyHeader) + "\n");
            return log;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Adds a row; it is on the disk when this returns. One of a cell that failed before takes the place of that.</summary>
    /// <exception cref="EvaluationException">The row has what the plan does not allow, or its cell has a row already.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public void Add(StudyRow row)
    {
        if (StudyLine.WrongWith(row.Result, _plan) is { } wrong)
            throw new EvaluationException(wrong);
        if (_rows[row.Cell] is { Result.Failure: null })
            throw new EvaluationException($"{_path}: {row.Cell} has a row already.");
        try
        {
            Append(StudyLine.Write(row, _plan));
        }
        catch (IOException error)
        {
            throw new ResourceException($"{_path}: cannot be written: {error.Message} The rows before are kept; the same command goes on.", error);
        }
        _rows = _rows.With(row);
    }

    public void Dispose() => _stream.Dispose();

    private void Append(string line)
    {
        _stream.Write(Encoding.UTF8.GetBytes(line));
        _stream.Flush(flushToDisk: true);
    }
}
