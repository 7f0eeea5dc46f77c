namespace Octavo.Nn.Native;

/// <summary>Where the native libraries lie: in the user's cache, shared by every installation and every program of the user.</summary>
/// <param name="Root">The folder of all of them.</param>
internal sealed record Places(string Root)
{
    /// <summary>By <c>XDG_CACHE_HOME</c>, else <c>~/.cache</c>.</summary>
    public static Places OfUser()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new Places(Path.Combine(Path.GetFullPath(cache), "octavo", "native"));
    }

    /// <summary>The folder of libtorch with its wrapper.</summary>
    /// <param name="hasFix">Two systems that share a home folder may need different wrappers: each has a folder of its own.</param>
    public string Libtorch(bool hasFix) => Path.Combine(Root, $"libtorch-{Pinned.Libtorch}-{Suffix(hasFix)}");

    /// <summary>The folder of the wrapper alone, for a libtorch of the user's.</summary>
    public string Wrapper(bool hasFix) => Path.Combine(Root, $"wrapper-{Suffix(hasFix)}");

    /// <summary>Held while the folders are made.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Where a folder is made before it gets its name; what begins so and is not in use was left by a killed process.</summary>
    public string Aside(string name) => Path.Combine(Root, $"{AsidePrefix}{name}-{Environment.ProcessId}");

    public const string AsidePrefix = "making-";

    private static string Suffix(bool hasFix) => $"torchsharp-{Pinned.TorchSharp}-{Pinned.Platform}{(hasFix ? "-weak" : "")}";
}
