using System.Globalization;
using Octavo.Core;
using Octavo.Engine.Cache;

namespace Octavo.Engine;

/// <summary>
/// Keys and values of what a model has read, kept in pages of 64 tokens: a prompt that begins as an earlier one does not compute that
/// beginning again, and the results are the same bits. <see cref="Generator"/>, <see cref="Batch"/> and what stands on them use it by
/// themselves. It can be written to files and read back, page by page, when they are needed. Thread-safe.
/// </summary>
public sealed class PrefixCache
{
    private readonly LanguageModel _model;
    private readonly PrefixStore _store;
    private readonly Lazy<UInt128> _key;
    private long _weightsVersion;
    private (string? Folder, long Changes) _saved;

    /// <param name="model">The model.</param>
    /// <param name="store">Its pages; the model disposes it.</param>
    internal PrefixCache(LanguageModel model, PrefixStore store)
    {
        _model = model;
        _store = store;
        _key = new Lazy<UInt128>(() => PrefixKey.Of(model));
        _weightsVersion = model.Checkpoint.Weights.Version;
    }

    /// <summary>What it holds and has done.</summary>
    public PrefixCacheStatistics Statistics => _store.Statistics;

    /// <summary>Keeps the stored pages of a beginning whatever else has to make room.</summary>
    /// <param name="tokens">The beginning; a last part that fills no page is not kept.</param>
    /// <param name="adapter">The adapter that it was read with; null for the model alone.</param>
    /// <returns>How many of its tokens are stored and now kept.</returns>
    public int Pin(ReadOnlySpan<int> tokens, string? adapter = null) => _store.Pin(tokens.ToArray(), true, _model.IdentityOf(adapter));

    /// <summary>Lets pinned pages go like others.</summary>
    /// <param name="tokens">The beginning.</param>
    /// <param name="adapter">The adapter that it was read with; null for the model alone.</param>
    public void Unpin(ReadOnlySpan<int> tokens, string? adapter = null) => _store.Pin(tokens.ToArray(), false, _model.IdentityOf(adapter));

    /// <summary>Forgets everything; sequences keep the pages that they use.</summary>
    public void Clear() => _store.Clear();

    /// <summary>Sentences about files that were not used, for the user; each is given once.</summary>
    public IReadOnlyList<string> TakeNotes() => _store.TakeNotes();

    /// <summary>
    /// Makes the pages of a folder findable, if it has a file of this model, build and settings. Nothing but its index is read yet. A
    /// damaged or foreign file is not used; <see cref="TakeNotes"/> says so.
    /// </summary>
    /// <param name="folder">A folder that <see cref="SaveFolder"/> has written, or one to be.</param>
    /// <exception cref="ConfigException">A file has that name.</exception>
    public void OpenFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(folder))
            throw new ConfigException($"{folder} is a file; the prefix cache needs a folder.");
        if (File.Exists(InFolder(folder)))
        {
            Open(InFolder(folder));
            return;
        }
        var others = Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + PrefixFileLayout.Extension).Length : 0;
        if (others > 0)
            _store.AddNote($"{folder}: has no stored pages of this model, build and settings; {others} files of others are left alone.");
    }

    /// <summary>
    /// Writes what was used last to a folder, one file per model, build and settings, aside and then renamed. The file has at most the
    /// cache's limit; where the folder exceeds twice that, the oldest files of others go. What another process has written there meanwhile is
    /// taken over; of two that write at the same moment the last one stays. Nothing is written where nothing is new.
    /// </summary>
    /// <param name="folder">The folder; it is made where it is not there.</param>
    /// <exception cref="InputFileException">It cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed, and the pages with it.</exception>
    public void SaveFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
        var saved = (Path.GetFullPath(folder), _store.Changes);
        if (saved == _saved || _store.Changes == 0)
            return;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{folder}: the folder cannot be made: {error.Message}", error);
        }
        if (TryOpen(InFolder(folder)) is { } others)
            _store.Attach(others);
        Write(InFolder(folder), null, 0);
        _saved = saved;
        Prune(folder);
    }

    /// <summary>Makes the pages of one file findable; as <see cref="OpenFolder"/>.</summary>
    /// <param name="file">A file that <see cref="Save"/> has written.</param>
    /// <returns>Whether it is used.</returns>
    public bool Open(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
        try
        {
            _store.Attach(PrefixFile.Open(file, _key.Value, _model.Layers, _model.Pages.PageBytes));
            return true;
        }
        catch (InputFileException error)
        {
            _store.AddNote(error.Message);
            return false;
        }
    }

    /// <summary>Writes the stored pages of one beginning to a file, aside and then renamed.</summary>
    /// <param name="file">The file; one that is there is replaced.</param>
    /// <param name="tokens">The beginning.</param>
    /// <param name="adapter">The adapter that it was read with; null for the model alone.</param>
    /// <returns>How many of its tokens the file holds.</returns>
    /// <exception cref="InputFileException">It cannot be written.</exception>
    public int Save(string file, ReadOnlySpan<int> tokens, string? adapter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
        return Write(file, tokens.ToArray(), _model.IdentityOf(adapter)) * PagePool.Positions;
    }

    /// <summary>Called in the model's turn: gives a cache what is stored of a prompt; returns how many tokens it then holds.</summary>
    internal int Take(ReadOnlyMemory<int> prompt, KvCache cache, int held, ulong adapter)
    {
        Follow();
        return _store.Take(prompt, cache, held, adapter);
    }

    /// <summary>Shares the full pages of a cache.</summary>
    internal void Add(ReadOnlyMemory<int> tokens, KvCache cache, ulong adapter)
    {
        Follow();
        _store.Add(tokens, cache, adapter);
    }

    /// <summary>The file of this model that is there, if it is whole.</summary>
    private PrefixFile? TryOpen(string file)
    {
        try
        {
            return File.Exists(file) ? PrefixFile.Open(file, _key.Value, _model.Layers, _model.Pages.PageBytes) : null;
        }
        catch (InputFileException)
        {
            // It is about to be replaced, and who opened it was told.
            return null;
        }
    }

    private int Write(string file, ReadOnlyMemory<int>? only, ulong adapter)
    {
        while (true)
        {
            var held = _store.Select(only, (int)Math.Min(int.MaxValue, _store.Statistics.Limit / _store.NodeBytes), adapter);
            try
            {
                PrefixFileWriter.Write(file, _key.Value, held, _model.Layers, _model.Pages);
                return held.Count;
            }
            catch (StoredPagesException damaged)
            {
                // Each time there is one file less to copy from.
                _store.Drop(damaged);
            }
            finally
            {
                _store.LetGo(held);
            }
        }
    }

    private void Prune(string folder)
    {
        try
        {
            foreach (var left in new DirectoryInfo(folder).GetFiles("*" + PrefixFileLayout.AsideExtension))
            {
                // of a process that was killed; a living one is done within the hour
                if (left.LastWriteTimeUtc < DateTime.UtcNow.AddHours(-1))
                    left.Delete();
            }
            DeleteOldest(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _store.AddNote($"{folder}: old files could not be deleted: {error.Message}");
        }
    }

    private void DeleteOldest(string folder)
    {
        var own = Path.GetFullPath(InFolder(folder));
        var left = 2 * _store.Statistics.Limit;
        var files = new DirectoryInfo(folder).GetFiles("*" + PrefixFileLayout.Extension)
            .OrderByDescending(file => file.FullName == own).ThenByDescending(file => file.LastWriteTimeUtc);
        foreach (var file in files)
        {
            left -= file.Length;
            if (left < 0 && file.FullName != own)
                file.Delete();
        }
    }

    /// <summary>Lent weights that have changed make all stored pages wrong.</summary>
    private void Follow()
    {
        var version = _model.Checkpoint.Weights.Version;
        if (Interlocked.Exchange(ref _weightsVersion, version) != version)
            _store.Clear();
    }

    private string InFolder(string folder) =>
        Path.Combine(folder, _key.Value.ToString("x32", CultureInfo.InvariantCulture) + PrefixFileLayout.Extension);
}
