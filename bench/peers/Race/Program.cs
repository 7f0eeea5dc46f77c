using Octavo.Core;

namespace Octavo.Bench.Peers;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["--help" or "-h" or "help", ..])
        {
            Console.WriteLine(RaceOptions.Usage);
            return 0;
        }
        try
        {
            var options = RaceOptions.Parse(args, Folder("OCTAVO_ROOT"), Folder("OCTAVO_PEERS"));
            return new Race(options).Run();
        }
        catch (OctavoException error)
        {
            Console.Error.WriteLine($"race: {error.Message}");
            return error switch { ConfigException => 2, InputFileException => 3, ResourceException => 4, UnsupportedException => 6, _ => 1 };
        }
    }

    private static string Folder(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : throw new ConfigException($"{variable} is not set. Start this program with bench/peers/race, which sets it.");
}
