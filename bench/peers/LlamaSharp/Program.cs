using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using LLama.Native;

namespace Octavo.Bench.LlamaSharp;

/// <summary>Times LLamaSharp through its own API and prints the same JSON names as <c>octavo bench</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        var arguments = new Arguments(args);
        switch (arguments.Verb)
        {
            case "identify": Identify(); return 0;
            case "generate": Generate(arguments); return 0;
            case "bench" when arguments.Text("prompt") is not null: Prefill(arguments); return 0;
            case "bench": Decode(arguments); return 0;
            default:
                Console.Error.WriteLine("usage: LlamaSharpBench identify|generate|bench --model FILE [--prompt N | --depth N --tokens N --batch N] "
                    + "[--threads N] [--kv f32|f16|q8|q4] [--fa 0|1] [--repetitions N]");
                return 2;
        }
    }

    private static void Identify()
    {
        var version = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "LLamaSharp").Value;
        var system = NativeApi.llama_print_system_info();
        var line = Marshal.PtrToStringUTF8(system);
        Console.WriteLine(JsonSerializer.Serialize(new { version, system_info = line }));
    }

    private static void Generate(Arguments arguments)
    {
        using var engine = new Engine(arguments, arguments.Whole("context", 512), 1);
        engine.Prefill(engine.Tokenize(arguments.Need("text")), 0);
        Console.WriteLine(engine.TextOf(engine.Best()));
    }

    private static void Prefill(Arguments arguments)
    {
        var count = arguments.Whole("prompt", 512);
        using var engine = new Engine(arguments, count, 1);
        var tokens = engine.Tokens(count);
        engine.Prefill(tokens, 0);
        var rates = Enumerable.Range(0, arguments.Whole("repetitions", 1)).Select(_ =>
        {
            engine.Clear();
            var started = Stopwatch.GetTimestamp();
            engine.Prefill(tokens, 0);
            return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        });
        Print("prefill", count, 0, 1, [.. rates]);
    }

    private static void Decode(Arguments arguments)
    {
        var (depth, count, batch) = (arguments.Whole("depth", 128), arguments.Whole("tokens", 64), arguments.Whole("batch", 1));
        using var engine = new Engine(arguments, batch * (depth + count), batch);
        var (context, next) = (engine.Tokens(depth), engine.Tokens(count));
        var rates = Enumerable.Range(0, arguments.Whole("repetitions", 1)).Select(_ =>
        {
            engine.Clear();
            for (var sequence = 0; sequence < batch; sequence++)
                engine.Prefill(context, sequence);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                engine.Step([.. Enumerable.Repeat(next[i], batch)], depth + i);
            return batch * count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        });
        Print("decode", count, depth, batch, [.. rates]);
    }

    private static void Print(string kind, int tokens, int depth, int batch, double[] rates)
    {
        Array.Sort(rates);
        var rate = new { median = rates[rates.Length / 2], min = rates[0], max = rates[^1], n = rates.Length };
        Console.WriteLine(JsonSerializer.Serialize(new { results = new[] { new { kind, tokens, depth, batch, tokens_per_second = rate } } }));
    }
}
