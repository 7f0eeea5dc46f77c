using System.Runtime.CompilerServices;
using Octavo.Core;
using Octavo.Nn.Native;
using TorchSharp;

namespace Octavo.Nn;

/// <summary>
/// Brings libtorch in: fetches it where it never was, and loads it. To be called before anything of TorchSharp is used; its native
/// libraries (about 130 MB to fetch, 460 MB on disk) come only to those who need them.
/// </summary>
/// <remarks>
/// They lie in <c>octavo/native</c> of the user's cache folder (<c>XDG_CACHE_HOME</c>, else <c>~/.cache</c>), as hard links to the
/// packages where that can be. <c>OCTAVO_LIBTORCH</c> names the folder of another build of the same version, such as one for a GPU.
/// </remarks>
public static class TorchRuntime
{
    private static readonly Lock _gate = new();
    private static volatile bool _isLoaded;
    private static bool _isConfigured;

    /// <summary>Makes libtorch ready. Any thread may call it, any number of times; after the first it costs next to nothing.</summary>
    /// <inheritdoc cref="Ensure(TorchOptions, CancellationToken)" path="/exception"/>
    public static void Ensure()
    {
        if (!_isLoaded)
            Ensure(new TorchOptions());
    }

    /// <summary>Makes libtorch ready and sets how it computes: operations run one after the other, each on some threads.</summary>
    /// <param name="options">Threads and progress.</param>
    /// <param name="cancel">Stops the fetching.</param>
    /// <exception cref="UnsupportedException">This platform, or its C++ library, is not one that libtorch runs on.</exception>
    /// <exception cref="ResourceException">Too little disk, no network, or no .NET SDK to fetch it with.</exception>
    /// <exception cref="ConfigException">An option is wrong, <c>OCTAVO_LIBTORCH</c> names no libtorch of the right version, or another is loaded.</exception>
    /// <exception cref="InputFileException">A package is damaged or not the pinned one.</exception>
    public static void Ensure(TorchOptions options, CancellationToken cancel = default)
    {
        options.Validate();
        lock (_gate)
        {
            if (!_isLoaded)
            {
                var (libtorch, wrapper) = Prepare(options.Progress, cancel);
                LibraryLoader.Load(libtorch, wrapper);
                _isLoaded = true;
            }
            Configure(options);
        }
    }

    /// <summary>Fetches libtorch and makes its folder, without loading it.</summary>
    /// <param name="options">Progress; threads do not matter here.</param>
    /// <param name="cancel">Stops the fetching.</param>
    /// <returns>The folder of the libraries.</returns>
    /// <inheritdoc cref="Ensure(TorchOptions, CancellationToken)" path="/exception"/>
    public static string Fetch(TorchOptions options, CancellationToken cancel = default) => Prepare(options.Progress, cancel).Libtorch;

    private static (string Libtorch, string Wrapper) Prepare(Action<FetchProgress>? progress, CancellationToken cancel)
    {
        Pinned.RefuseOtherPlatforms();
        var folders = new NativeFolders(Places.OfUser(), FreeDisk.OfSystem);
        if (OwnBuild.FromEnvironment() is { } own)
            return (own.Folder, folders.Wrapper(progress, cancel));
        var folder = folders.Libtorch(progress, cancel);
        return (folder, Path.Combine(folder, Pinned.Wrapper));
    }

    // Apart, so that no type of TorchSharp is touched before its libraries are loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Configure(TorchOptions options)
    {
        if (!_isConfigured)
            torch.set_num_interop_threads(1);
        _isConfigured = true;
        if (options.Threads is { } threads)
            torch.set_num_threads(threads);
    }
}
