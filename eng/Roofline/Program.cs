using Octavo.Core;

// dotnet run -c Release --project bench/Kernels -- avx512 all 2048 --json run.json
// dotnet run -c Release --project eng/Roofline -- PICTURE.svg RUN.json… [--note TEXT]
namespace Octavo.Tools.Roofline;

internal static class Program
{
    private static int Main(string[] args)
    {
        try
        {
            var options = Options.Parse(args);
            var roofs = RunReader.Read(options.Runs);
            File.WriteAllText(options.Picture, Picture.Draw(roofs, options.Note));
            foreach (var roof in roofs)
                Table.Write(Console.Out, roof);
            return 0;
        }
        catch (OctavoException error)
        {
            Console.Error.WriteLine(error.Message);
            return error switch { ConfigException => 2, InputFileException => 3, ResourceException => 4, UnsupportedException => 6, _ => 1 };
        }
    }
}
