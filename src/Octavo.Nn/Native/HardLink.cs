using System.Runtime.InteropServices;

namespace Octavo.Nn.Native;

/// <summary>A second name for the same file.</summary>
internal static partial class HardLink
{
    /// <summary>Makes it; false where the two places are on different file systems or links are not allowed.</summary>
    public static bool TryMake(string source, string target) => Link(source, target) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string source, string target);
}
