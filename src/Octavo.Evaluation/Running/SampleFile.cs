using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Store;

namespace Octavo.Evaluation.Running;

/// <summary>
/// The samples of one task in a folder: <c>TASK.jsonl</c>, one line each in the task's order, and <c>TASK.fingerprint</c>, which says
/// what they came from. A run that was ended goes on behind the last whole line.
/// </summary>
internal sealed class SampleFile : IDisposable
{
    private static readonly SampleJson _json = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    });

    private readonly FileStream _stream;
    private readonly string _path;

    private SampleFile(string path, FileStream stream, List<SampleRecord> records) => (_path, _stream, Earlier) = (path, stream, records);

    /// <summary>What an earlier run left.</summary>
    public IReadOnlyList<SampleRecord> Earlier { get; }

    /// <summary>Opens a task's samples.</summary>
    /// <param name="folder">Made where it does not exist.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="fingerprint">What this run's samples come from.</param>
    /// <exception cref="ConfigException">The folder's samples come from something else.</exception>
    /// <exception cref="InputFileException">A line is damaged.</exception>
    /// <exception cref="ResourceException">The folder cannot be written to.</exception>
    public static SampleFile Open(string folder, string task, string fingerprint)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, task + ".jsonl");
            var mark = Path.Combine(folder, task + ".fingerprint");
            var earlier = File.Exists(mark) ? File.ReadAllText(mark) : null;
            if (File.Exists(path) && earlier != fingerprint)
            {
                throw new ConfigException(
                    $"{path} holds samples of another run ({LineDifference.Of((earlier ?? "unknown").Split('\n'), fingerprint.Split('\n'))}). Give another --output, or take them away.");
            }
            if (earlier != fingerprint)
                WriteWhole(mark, fingerprint);
            return Open(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ResourceException($"{folder}: cannot be written: {error.Message}", error);
        }
    }

    // half of it would be taken for another run's
    private static void WriteWhole(string path, string text)
    {
        using var file = new IncompleteFile(path);
        file.Write(stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        file.Keep(overwrite: true);
    }

    private static SampleFile Open(string path, FileStream stream)
    {
        try
        {
            return new SampleFile(path, stream, ReadWhole(stream, path));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Adds a sample; it is on its way to the disk when this returns.</summary>
    public void Add(SampleRecord record)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(record, _json.SampleRecord) + "\n"));
            _stream.Flush();
        }
        catch (IOException error)
        {
            throw new ResourceException($"{_path}: cannot be written: {error.Message} The samples before are kept; the same command goes on.", error);
        }
    }

    public void Dispose() => _stream.Dispose();

    // a line without its end was cut by whatever ended the run
    private static List<SampleRecord> ReadWhole(FileStream stream, string path)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        stream.SetLength(end);
        stream.Position = end;
        List<SampleRecord> records = [];
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                records.Add(JsonSerializer.Deserialize(line, _json.SampleRecord) ?? throw new JsonException("it is null."));
            }
            catch (JsonException error)
            {
                throw new InputFileException($"{path}, line {records.Count + 1}: no sample: {error.Message} Take the file away and run again.", error);
            }
        }
        return records;
    }
}
