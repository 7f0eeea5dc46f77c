using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Training.Configuration;

namespace Octavo.Training.Checkpoints;

/// <summary>
/// The checkpoints of one run: <c>OUTPUT/checkpoint-N/</c>. A checkpoint is written aside, every file and name is brought to the disk, the
/// manifest comes last, and one renaming makes it complete: whenever the machine stops, the newest complete one is whole. One writer at a
/// time; for one thread.
/// </summary>
internal sealed partial class CheckpointStore : IDisposable
{
    /// <summary>The file that marks a folder as a run's, and whose lock keeps a second writer out.</summary>
    public const string LockName = "run.lock";

    private const string Aside = ".incomplete";
    private const string Replaced = ".replaced";

    private readonly ICheckpointFiles _files;
    private readonly IDisposable _lock;
    private readonly Action<string> _tell;
    private readonly int? _keep;

    private CheckpointStore(string folder, int? keep, Action<string> tell, ICheckpointFiles files, IDisposable held) =>
        (Folder, _keep, _tell, _files, _lock) = (folder, keep, tell, files, held);

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>Opens the folder of a run, makes it if it is not there, and clears away what a stopped writer left.</summary>
    /// <param name="folder">output_dir.</param>
    /// <param name="keep">How many complete checkpoints stay, beside the best; null for all.</param>
    /// <param name="tell">Gets what a user should know: leftovers, broken checkpoints. One sentence each.</param>
    /// <param name="files">The disk; the machine's own by default.</param>
    /// <exception cref="ConfigException">The folder is not a run's, or another run is writing to it.</exception>
    /// <exception cref="ResourceException">The disk fails.</exception>
    public static CheckpointStore Open(string folder, int? keep, Action<string> tell, ICheckpointFiles? files = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep ?? 1, 1, nameof(keep));
        files ??= CheckpointFiles.Instance;
        return OnDisk(folder, () =>
        {
            folder = Path.GetFullPath(folder);
            Make(folder, files);
            RefuseForeign(folder, files);
            var store = new CheckpointStore(folder, keep, tell, files, Lock(folder, tell, files));
            files.SyncFolder(folder);
            store.ClearLeftovers();
            return store;
        });
    }

    /// <summary>The complete checkpoints, oldest first; broken ones are told and left where they are.</summary>
    public IReadOnlyList<StoredCheckpoint> All() => OnDisk(Folder, () => (IReadOnlyList<StoredCheckpoint>)[.. Complete(_tell)]);

    /// <summary>The checkpoint that a run begins from, every byte of it checked.</summary>
    /// <param name="choice">auto: the newest that is whole, or null where there is none. never: null. Else that one.</param>
    /// <param name="cancellationToken">Looked at between blocks.</param>
    /// <exception cref="CheckpointException">The checkpoint that was named is broken or not there.</exception>
    /// <exception cref="ConfigException">The run would mix with checkpoints that are there.</exception>
    public StoredCheckpoint? ResumeFrom(ResumeChoice choice, CancellationToken cancellationToken = default)
    {
        var all = All();
        if (choice == ResumeChoice.Never)
        {
            return all.Count == 0 ? null : throw new ConfigException(
                $"{Folder}: has {Names(all)} already, and resume_from_checkpoint is never. Give another output_dir, or write auto to go on.");
        }
        if (choice.Path is { } path)
            return Named(path, all, cancellationToken);
        foreach (var checkpoint in all.Reverse())
        {
            if (checkpoint.FindDamage(cancellationToken) is not { } damage)
                return checkpoint;
            _tell($"{checkpoint.Folder} is broken and not used: {damage}.");
        }
        return null;
    }

    /// <summary>
    /// Writes a checkpoint. When this returns, it survives a power cut; then those too many are deleted, never the best.
    /// </summary>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="parts">Its files.</param>
    /// <param name="isBest">Whether it is the best of the run so far.</param>
    /// <exception cref="ResourceException">
    /// The disk has no room or fails; nothing of it is left, and those before it are whole.
    /// </exception>
    public StoredCheckpoint Save(long step, IReadOnlyList<CheckpointPart> parts, bool isBest = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (parts.Count == 0 || parts.Any(part => !CheckpointPart.IsName(part.Name) || part.Name == CheckpointManifest.FileName)
            || parts.DistinctBy(part => part.Name, StringComparer.OrdinalIgnoreCase).Count() < parts.Count)
            throw new ArgumentException("parts need names of their own, without folders, other than manifest.json.", nameof(parts));
        var needed = parts.Sum(part => part.EstimatedBytes);
        OnDisk(Folder, () => RefuseFull(step, needed));
        var writer = new CheckpointWriter(_files, Path.Combine(Folder, NameOf(step)));
        try
        {
            if (writer.Write(step, parts, isBest) is { } replaced)
                Discard(replaced);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ResourceException(DiskFailure(writer, needed, error), error);
        }
        var (saved, problem) = StoredCheckpoint.Look(writer.Folder, step, _files);
        if (saved is null)
            throw new ResourceException($"{writer.Folder}: the disk does not give back what was written: {problem}. {LastWhole()}");
        Prune();
        return saved;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    internal static string AsideOf(string folder) => folder + Aside;

    internal static string ReplacedOf(string folder) => folder + Replaced;

    private static string NameOf(long step) => string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step}");

    private static string Names(IReadOnlyList<StoredCheckpoint> all) => string.Join(", ", all.Select(checkpoint => checkpoint.Name));

    // Level by level: a new folder's name is in the one above it, which has to reach the disk too.
    private static void Make(string folder, ICheckpointFiles files)
    {
        if (files.FolderExists(folder))
            return;
        if (files.Length(folder) is not null)
            throw new ConfigException($"{folder}: is a file; output_dir has to be a folder.");
        if (Path.GetDirectoryName(folder) is not { } above)
            return;
        Make(above, files);
        files.MakeFolder(folder);
        files.SyncFolder(above);
    }

    private static void RefuseForeign(string folder, ICheckpointFiles files)
    {
        var names = files.NamesIn(folder);
        if (names.Count == 0 || names.Contains(LockName))
            return;
        if (names.Any(name => CheckpointName().IsMatch(name)
            && StoredCheckpoint.Look(Path.Combine(folder, name), null, files).Checkpoint is not null))
            return;
        var shown = string.Join(", ", names.Order(StringComparer.Ordinal).Take(3));
        throw new ConfigException($"{folder}: the folder is not a run's: it has {shown}{(names.Count > 3 ? ", …" : "")} in it. "
            + "Give output_dir a new or an empty folder; nothing was written.");
    }

    private static IDisposable Lock(string folder, Action<string> tell, ICheckpointFiles files)
    {
        var owner = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}");
        try
        {
            var held = files.Lock(Path.Combine(folder, LockName), owner, out var previous);
            if (previous is not null)
                tell($"{folder}: {previous} wrote here and did not end well; its lock is taken over.");
            return held;
        }
        catch (LockHeldException held)
        {
            throw new ConfigException($"{folder}: another run ({held.Owner ?? "its process is not known"}) is writing to it. "
                + "Wait for it, end it, or give another output_dir.");
        }
    }

    private static T OnDisk<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ConfigException($"{folder}: the folder cannot be used: {error.Message} Give an output_dir that can be used.", error);
        }
        catch (IOException error)
        {
            throw new ResourceException($"{folder}: the disk fails: {error.Message}", error);
        }
    }

    private static void OnDisk(string folder, Action work) => OnDisk(folder, () =>
    {
        work();
        return true;
    });

    private StoredCheckpoint Named(string path, IReadOnlyList<StoredCheckpoint> all, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        var (checkpoint, problem) = StoredCheckpoint.Look(full, null, _files);
        problem ??= checkpoint!.FindDamage(cancellationToken);
        if (problem is not null)
            throw new CheckpointException($"{path}: no checkpoint to go on with: {problem}. "
                + "Name a folder checkpoint-N of a run, or write auto.");
        var newer = all.Where(other => other.Step > checkpoint!.Step && other.Folder != full).ToList();
        return newer.Count == 0 ? checkpoint! : throw new ConfigException(
            $"{path}: {Folder} has newer checkpoints ({Names(newer)}), which the run would mix with. "
            + "Move them away, or give another output_dir.");
    }

    private IEnumerable<StoredCheckpoint> Complete(Action<string> tell)
    {
        var steps = _files.NamesIn(Folder).Select(name => CheckpointName().Match(name))
            .Where(match => match.Success && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).Order();
        foreach (var step in steps)
        {
            var folder = Path.Combine(Folder, NameOf(step));
            var (checkpoint, problem) = StoredCheckpoint.Look(folder, step, _files);
            if (checkpoint is not null)
                yield return checkpoint;
            else
                tell($"{folder} is broken and not used: {problem}.");
        }
    }

    // A writer that was stopped leaves a folder aside, or one that was about to be replaced.
    private void ClearLeftovers()
    {
        foreach (var name in _files.NamesIn(Folder))
        {
            var path = Path.Combine(Folder, name);
            if (name.EndsWith(Replaced, StringComparison.Ordinal) && CheckpointName().IsMatch(name[..^Replaced.Length]))
            {
                var place = path[..^Replaced.Length];
                if (_files.FolderExists(place))
                    CheckpointWriter.Delete(_files, path);
                else
                    _files.MoveFolder(path, place);
            }
            else if (name.EndsWith(Aside, StringComparison.Ordinal) && CheckpointName().IsMatch(name[..^Aside.Length]))
            {
                CheckpointWriter.Delete(_files, path);
                _tell($"{path} was left by a run that was stopped while writing it; it is deleted.");
            }
        }
    }

    private void RefuseFull(long step, long needed)
    {
        var free = _files.FreeBytes(Folder);
        if (free < needed)
        {
            throw new ResourceException($"{Path.Combine(Folder, NameOf(step))}: the checkpoint needs about {Size(needed)} "
                + $"and the disk has {Size(free)} free. "
                + $"Nothing was written. {LastWhole()} Free some space, or lower keep_last_n_checkpoints.");
        }
    }

    private string DiskFailure(CheckpointWriter writer, long needed, Exception error)
    {
        var left = writer.IsNamed
            ? "It is complete, but the disk does not confirm its name: it may not survive a power cut."
            : "Nothing of it was kept.";
        return $"{writer.Folder}: writing stopped after {Size(writer.Written)} of about {Size(needed)}: {error.Message} {left} {LastWhole()} "
            + "Free some space, or lower keep_last_n_checkpoints.";
    }

    private string LastWhole()
    {
        var last = Complete(_ => { }).LastOrDefault();
        return last is null ? "There is no checkpoint before it." : $"The last checkpoint is whole: {last.Name}.";
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.00} GiB"),
    };

    private void Prune()
    {
        if (_keep is not { } keep)
            return;
        var all = Complete(_ => { }).ToList();
        var best = all.LastOrDefault(checkpoint => checkpoint.Manifest.IsBest);
        foreach (var old in all.SkipLast(keep).Where(old => old != best))
            Discard(old.Folder);
    }

    // Renamed first: a half-deleted folder must never look like a checkpoint.
    private void Discard(string folder)
    {
        try
        {
            var aside = folder.EndsWith(Replaced, StringComparison.Ordinal) ? folder : AsideOf(folder);
            if (aside != folder)
                _files.MoveFolder(folder, aside);
            CheckpointWriter.Delete(_files, aside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _tell($"{folder} is not needed any more and could not be deleted: {error.Message}");
        }
    }

    [GeneratedRegex(@"^checkpoint-(0|[1-9][0-9]*)\z")]
    private static partial Regex CheckpointName();
}
