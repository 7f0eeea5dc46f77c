using Octavo.Core;
using Octavo.Nn.Native;

namespace Octavo.Nn;

/// <summary>What libtorch is here, found without loading it or anything of TorchSharp.</summary>
/// <param name="Folder">The folder whose libtorch is used; null where none has been fetched.</param>
/// <param name="IsOwn">Whether <c>OCTAVO_LIBTORCH</c> named the folder.</param>
/// <param name="Version">Its version; null where an own build does not say it.</param>
/// <param name="Bytes">The bytes of the files in the folder; 0 where there is none.</param>
/// <param name="StandardLibrary">The file of libstdc++ that this process has.</param>
/// <param name="StandardVersion">The newest symbol version that it defines, such as <c>GLIBCXX_3.4.30</c>.</param>
/// <param name="NeedsFix">Whether that is older than the wrapper of TorchSharp asks for, so that its copy must not insist.</param>
internal sealed record TorchStatus(
    string? Folder, bool IsOwn, string? Version, long Bytes, string StandardLibrary, string StandardVersion, bool NeedsFix)
{
    /// <exception cref="UnsupportedException">libtorch does not run on this platform.</exception>
    /// <exception cref="ConfigException"><c>OCTAVO_LIBTORCH</c> names no libtorch of the right version.</exception>
    public static TorchStatus Read()
    {
        Pinned.RefuseOtherPlatforms();
        var library = Native.StandardLibrary.Find();
        var versions = Native.StandardLibrary.Versions(library);
        var own = OwnBuild.FromEnvironment();
        var folder = own?.Folder ?? NativeFolders.Existing(Places.OfUser().Libtorch);
        return new TorchStatus(
            folder, own is not null, own is null ? Pinned.Libtorch : own.Version, folder is null ? 0 : FolderSize.Of(folder),
            library, Native.StandardLibrary.Newest(versions), !versions.Contains(Pinned.UnusedVersion));
    }
}
