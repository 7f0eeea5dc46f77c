using System.Runtime.InteropServices;
using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>The native packages that Octavo was made for. A test compares the versions with <c>eng/native</c>.</summary>
internal static class Pinned
{
    public const string Libtorch = "2.10.0";
    public const string TorchSharp = "0.107.0";
    public const string Platform = "linux-x64";
    public const string LibtorchPackage = $"libtorch-cpu-{Platform}";
    public const string Wrapper = "libLibTorchSharp.so";

    /// <summary>Bytes of libtorch's package as it comes over the network.</summary>
    public const long DownloadBytes = 128_200_806;

    /// <summary>Bytes of libtorch's package when it is unpacked, with the archive that stays beside it.</summary>
    public const long UnpackedBytes = 626_300_000;

    /// <summary>
    /// The version of libstdc++ that the wrapper asks for by mistake: its one symbol (<c>std::ios_base_library_init</c>) is never
    /// called, so it works without.
    /// </summary>
    public const string UnusedVersion = "GLIBCXX_3.4.32";

    /// <summary>The libraries that the wrapper needs, each after those that it needs itself.</summary>
    public static IReadOnlyList<string> Libraries { get; } = ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <exception cref="UnsupportedException">Neither package has libraries for this platform.</exception>
    public static void RefuseOtherPlatforms()
    {
        var platform = RuntimeInformation.RuntimeIdentifier;
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || platform.Contains("musl", StringComparison.Ordinal))
        {
            throw new UnsupportedException(
                $"Training and everything else that needs libtorch runs on Linux on x64 with glibc ({Platform}) only; this is {platform}. "
                + "What the engine does (chat, generate, embed, convert) runs here.");
        }
    }
}
