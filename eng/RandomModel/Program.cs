using Octavo.Core;

// dotnet run -c Release --project eng/RandomModel -- TOKENIZER.gguf TARGET.gguf --layers 24 --width 2048 --ffn 8192 --heads 32 --kv-heads 32
namespace Octavo.Tools.RandomModel;

internal static class Program
{
    private static int Main(string[] args)
    {
        try
        {
            var options = Options.Parse(args);
            RandomLlama.Write(options);
            Console.WriteLine($"{new FileInfo(options.Target).Length,14:N0}  {options.Target}");
            return 0;
        }
        catch (OctavoException error)
        {
            Console.Error.WriteLine(error.Message);
            return error switch { ConfigException => 2, InputFileException => 3, ResourceException => 4, UnsupportedException => 6, _ => 1 };
        }
    }
}
