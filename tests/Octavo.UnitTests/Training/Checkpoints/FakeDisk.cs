using Octavo.Training.Checkpoints;

namespace Octavo.UnitTests.Training.Checkpoints;

/// <summary>The machine stops: no step after it happens.</summary>
internal sealed class StoppedException() : Exception("the machine has stopped");

/// <summary>What is gone after a stop.</summary>
public enum Loss
{
    /// <summary>Nothing: only the process was killed.</summary>
    Nothing,
    /// <summary>Bytes of files that were not brought to the disk, though their names are there: what delayed allocation does.</summary>
    Bytes,
    /// <summary>Names, too, that were not brought to the disk.</summary>
    BytesAndNames,
}

/// <summary>A disk in memory that knows what has reached it, and that can stop or fail before any step that changes it.</summary>
internal sealed class FakeDisk : ICheckpointFiles
{
    private readonly FolderNode _root;
    private readonly HashSet<string> _locks = [];

    public FakeDisk() => _root = new FolderNode();

    private FakeDisk(FolderNode root) => _root = root;

    /// <summary>Steps that changed it so far.</summary>
    public int Steps { get; private set; }

    /// <summary>The step that does not happen any more; null for none.</summary>
    public int? StopAt { get; set; }

    /// <summary>The one step that fails; null for none.</summary>
    public int? FailAt { get; set; }

    public long Free { get; set; } = long.MaxValue;

    /// <summary>What is there after the machine starts again.</summary>
    public FakeDisk Restart(Loss loss) => new(_root.After(loss));

    public bool FolderExists(string path) => Find(path) is FolderNode;

    public IReadOnlyList<string> NamesIn(string folder) => [.. Existing(folder).Names.Keys];

    public long? Length(string path) => (Find(path) as FileNode)?.Bytes.Count;

    public void MakeFolder(string path) => Step(() => Parent(path).Names.Add(Path.GetFileName(path), new FolderNode()));

    public Stream Create(string path)
    {
        var node = new FileNode();
        Step(() => Parent(path).Names.Add(Path.GetFileName(path), node));
        return new Writing(this, node);
    }

    public void Sync(Stream stream) => Step(((Writing)stream).Node.Sync);

    public void SyncFolder(string path) => Step(Existing(path).Sync);

    public Stream OpenRead(string path) => new MemoryStream([.. (Find(path) as FileNode ?? throw new FileNotFoundException(path)).Bytes]);

    public void MoveFolder(string from, string to) => Step(() =>
    {
        var node = Existing(from);
        if (Find(to) is not null)
            throw new IOException($"{to} is there");
        Parent(from).Names.Remove(Path.GetFileName(from));
        Parent(to).Names.Add(Path.GetFileName(to), node);
    });

    public void DeleteFile(string path) => Step(() => Parent(path).Names.Remove(Path.GetFileName(path)));

    public void DeleteEmptyFolder(string path) => Step(() =>
    {
        if (Existing(path).Names.Count > 0)
            throw new IOException($"{path} is not empty");
        Parent(path).Names.Remove(Path.GetFileName(path));
    });

    public long FreeBytes(string folder) => Free;

    public IDisposable Lock(string path, string owner, out string? previous)
    {
        if (!_locks.Add(path))
            throw new LockHeldException(owner);
        previous = null;
        if (Find(path) is null)
            Step(() => Parent(path).Names.Add(Path.GetFileName(path), new FileNode()));
        return new Release(() => _locks.Remove(path));
    }

    private void Step(Action change)
    {
        var step = Steps;
        if (step >= StopAt)
            throw new StoppedException();
        Steps++;
        if (step == FailAt)
            throw new IOException("No space left on device");
        change();
    }

    private object? Find(string path)
    {
        object? node = _root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = node is FolderNode folder ? folder.Names.GetValueOrDefault(name) : null;
        return node;
    }

    private FolderNode Existing(string path) => Find(path) as FolderNode ?? throw new DirectoryNotFoundException(path);

    private FolderNode Parent(string path) => Existing(Path.GetDirectoryName(path)!);

    private sealed class FolderNode
    {
        private Dictionary<string, object> _kept = [];

        public Dictionary<string, object> Names { get; init; } = [];

        public void Sync() => _kept = new(Names);

        public FolderNode After(Loss loss)
        {
            var left = (loss == Loss.BytesAndNames ? _kept : Names).ToDictionary(
                entry => entry.Key, object (entry) => entry.Value is FolderNode folder ? folder.After(loss) : ((FileNode)entry.Value).After(loss));
            return new FolderNode { Names = left, _kept = new(left) };
        }
    }

    private sealed class FileNode
    {
        private List<byte> _kept = [];

        public List<byte> Bytes { get; init; } = [];

        public void Sync() => _kept = [.. Bytes];

        public FileNode After(Loss loss)
        {
            List<byte> left = [.. loss == Loss.Nothing ? Bytes : _kept];
            return new FileNode { Bytes = left, _kept = [.. left] };
        }
    }

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }

    /// <summary>Half of every write is a step of its own.</summary>
    private sealed class Writing(FakeDisk disk, FileNode node) : MemoryStream
    {
        public FileNode Node => node;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var (first, second) = (buffer[..(buffer.Length / 2)].ToArray(), buffer[(buffer.Length / 2)..].ToArray());
            disk.Step(() => node.Bytes.AddRange(first));
            disk.Step(() => node.Bytes.AddRange(second));
        }
    }
}
