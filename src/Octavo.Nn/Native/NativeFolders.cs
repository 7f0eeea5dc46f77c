using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>Makes the folders that libtorch is loaded from: whole or not at all, by one process at a time.</summary>
/// <param name="places">Where they lie.</param>
/// <param name="disk">Asked before anything is copied.</param>
internal sealed class NativeFolders(Places places, FreeDisk disk)
{
    /// <summary>The folder of libtorch and its wrapper, made where it is not there.</summary>
    /// <inheritdoc cref="PackageRestore.Run" path="/param|/exception"/>
    public string Libtorch(Action<FetchProgress>? progress, CancellationToken cancel) =>
        Existing(places.Libtorch) ?? Make(places.Libtorch, withLibtorch: true, progress, cancel);

    /// <summary>The wrapper for a libtorch of the user's, made where it is not there.</summary>
    /// <inheritdoc cref="PackageRestore.Run" path="/param|/exception"/>
    public string Wrapper(Action<FetchProgress>? progress, CancellationToken cancel)
    {
        var folder = Existing(places.Wrapper) ?? Existing(places.Libtorch) ?? Make(places.Wrapper, withLibtorch: false, progress, cancel);
        return Path.Combine(folder, Pinned.Wrapper);
    }

    /// <summary>The one of the two folders (with the fix, without) that fits this system's libstdc++; null where it is not there.</summary>
    /// <param name="place">The folder's path, by whether it has the fix.</param>
    public static string? Existing(Func<bool, string> place)
    {
        var (plain, weak) = (place(false), place(true));
        var defined = new Lazy<bool>(static () =>
            StandardLibrary.Versions(StandardLibrary.Find()).Contains(Pinned.UnusedVersion));
        if (Directory.Exists(plain) && defined.Value)
            return plain;
        return Directory.Exists(weak) && !defined.Value ? weak : null;
    }

    private string Make(Func<bool, string> place, bool withLibtorch, Action<FetchProgress>? progress, CancellationToken cancel)
    {
        Directory.CreateDirectory(places.Root);
        using var turn = TakeTurn(progress, cancel);
        // Another process may have made it while this one waited.
        if (Existing(place) is { } made)
            return made;
        foreach (var left in Directory.EnumerateDirectories(places.Root, Places.AsidePrefix + "*"))
            Directory.Delete(left, recursive: true);
        var packages = new PackageRestore(places, disk).Run(progress, cancel);
        var wrapper = Path.Combine(packages.Wrapper, Pinned.Wrapper);
        var bytes = File.ReadAllBytes(wrapper);
        var hasFix = StandardLibrary.NeedsFix(ElfVersions.Needs(bytes, wrapper), [.. StandardLibrary.Versions(StandardLibrary.Find())]);
        if (hasFix)
            ElfVersions.MakeWeak(bytes, Pinned.UnusedVersion, wrapper);
        var aside = places.Aside("folder");
        Directory.CreateDirectory(aside);
        if (withLibtorch)
            LinkAll(packages.Libtorch, aside);
        File.WriteAllBytes(Path.Combine(aside, Pinned.Wrapper), bytes);
        Directory.Move(aside, place(hasFix));
        return place(hasFix);
    }

    private void LinkAll(string from, string to)
    {
        foreach (var name in Pinned.Libraries)
        {
            var (source, target) = (Path.Combine(from, name), Path.Combine(to, name));
            if (!File.Exists(source))
                throw new InputFileException($"The package of libtorch has no {name} in {from}. Remove that package's folder and run the command again.");
            if (HardLink.TryMake(source, target))
                continue;
            disk.Require(to, new FileInfo(source).Length, $"Copying {name}");
            File.Copy(source, target);
        }
    }

    private FileStream TakeTurn(Action<FetchProgress>? progress, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(places.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(places.Lock))
            {
                progress?.Invoke(new FetchProgress("waiting for another process that fetches libtorch", 0, 0));
                cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
