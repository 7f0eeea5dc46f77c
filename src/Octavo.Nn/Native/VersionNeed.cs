namespace Octavo.Nn.Native;

/// <summary>A version of a library that an ELF file cannot be loaded without, unless the need is weak.</summary>
/// <param name="Library">The needed library, such as <c>libstdc++.so.6</c>.</param>
/// <param name="Version">The needed version of it, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="IsWeak">Whether the dynamic linker only warns where it is missing.</param>
/// <param name="FlagsAt">Where in the file the two bytes with the flags are.</param>
internal sealed record VersionNeed(string Library, string Version, bool IsWeak, int FlagsAt);
