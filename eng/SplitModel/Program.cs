using System.Globalization;
using Octavo.Core;
using Octavo.Core.Gguf;

// dotnet run --project eng/SplitModel -- SOURCE.gguf FOLDER STEM MAX_MB   (1 MB = 1,000,000 bytes)
if (args.Length != 4 || !int.TryParse(args[3], NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) || megabytes == 0)
{
    Console.Error.WriteLine("usage: SplitModel SOURCE.gguf FOLDER STEM MAX_MB");
    return 2;
}
try
{
    using var source = GgufFile.Open(args[0]);
    foreach (var part in GgufSplitter.Split(source, args[1], args[2], megabytes * 1_000_000L))
        Console.WriteLine($"{new FileInfo(part).Length,12:N0}  {part}");
    return 0;
}
catch (OctavoException error)
{
    Console.Error.WriteLine(error.Message);
    return error switch { ConfigException => 2, InputFileException => 3, ResourceException => 4, UnsupportedException => 6, _ => 1 };
}
