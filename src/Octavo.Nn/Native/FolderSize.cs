namespace Octavo.Nn.Native;

/// <summary>How much lies in a folder.</summary>
internal static class FolderSize
{
    /// <summary>The bytes of all files below it; files that vanish meanwhile count nothing.</summary>
    public static long Of(string folder)
    {
        var bytes = 0L;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
            }
        }
        return bytes;
    }
}
