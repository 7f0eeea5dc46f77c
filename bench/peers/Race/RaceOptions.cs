using System.Globalization;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>What is raced.</summary>
internal sealed record RaceOptions
{
    /// <summary>What the program tells about itself.</summary>
    public const string Usage = """
        bench/peers/race [options]          races Octavo against the peers that are in $OCTAVO_PEERS (default: ~/.cache/octavo-peers)
        bench/peers/race list               only says which peers are there and what they are
        bench/peers/race build NAME [FOLDER]  builds mainline, ik or llamasharp there; FOLDER: a source tree that is at hand

          --model FILE        GGUF file, or the first part of a split one; the bundled model by default
          --peers A,B         names of peers; all that are there by default
          --tests A,B         names of tests, or the part before the hyphen; all by default
          --threads N         threads of every engine; all processors by default
          --kv TYPE           how keys and values are stored: f32, f16 (the default) or q8
          --octavo-kv TYPE    the same for Octavo alone; the table then says that the types differ
          --activations N     bits of Octavo's activations, 8 or 16 (its own choice); peers round to 8
          --isa SET           the instruction set that Octavo is held to, avx512, avx2, v128 or scalar; peers keep all they have
          --pairs N           pairs per test (5)
          --repetitions N     measurements within one run of a program (1)
          --tokens N          tokens to decode at depth 128; half at 2048, a quarter at 6000 (128)
          --apart PERCENT     a pair is dropped where its probes differ by more (25)
          --limit SECONDS     a run that takes longer is killed and ends its test (600)
          --out FILE          where the JSON goes; $OCTAVO_PEERS/results/ by default
        """;

    public required string Model { get; init; }
    public required string Cache { get; init; }
    public required string Octavo { get; init; }
    public IReadOnlyList<string> Peers { get; init; } = [];
    public IReadOnlyList<string> Tests { get; init; } = [];
    public int Threads { get; init; } = Environment.ProcessorCount;
    public string Kv { get; init; } = "f16";
    public string? OctavoKv { get; init; }
    public int? Activations { get; init; }
    public string? InstructionSet { get; init; }
    public int Pairs { get; init; } = 5;
    public int Repetitions { get; init; } = 1;
    public int Tokens { get; init; } = 128;
    public int Limit { get; init; } = 600;
    public double Apart { get; init; } = 0.25;
    public string? Out { get; init; }
    public bool ListOnly { get; init; }

    /// <exception cref="ConfigException">An option or a value is wrong.</exception>
    public static RaceOptions Parse(string[] args, string root, string cache)
    {
        var options = new RaceOptions
        {
            Cache = cache,
            Octavo = Path.Combine(root, "octavo"),
            Model = Path.Combine(root, "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1-00001-of-00003.gguf"),
            ListOnly = args is ["list", ..],
        };
        for (var i = options.ListOnly ? 1 : 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
                throw new ConfigException($"{args[i]} needs a value.\n{Usage}");
            options = options.With(args[i], args[i + 1]);
        }
        if (!File.Exists(options.Model))
            throw new ConfigException($"{options.Model}: there is no such file. --model takes a GGUF file.");
        return options;
    }

    private RaceOptions With(string name, string value) => name switch
    {
        "--model" => this with { Model = Path.GetFullPath(value) },
        "--peers" => this with { Peers = value.Split(',') },
        "--tests" => this with { Tests = value.Split(',') },
        "--threads" => this with { Threads = Whole(name, value) },
        "--kv" => this with { Kv = Type(name, value) },
        "--octavo-kv" => this with { OctavoKv = Type(name, value) },
        "--activations" => this with { Activations = Whole(name, value) },
        "--isa" => this with { InstructionSet = value },
        "--pairs" => this with { Pairs = Whole(name, value) },
        "--repetitions" => this with { Repetitions = Whole(name, value) },
        "--tokens" => this with { Tokens = Whole(name, value) },
        "--limit" => this with { Limit = Whole(name, value) },
        "--apart" => this with { Apart = Whole(name, value) / 100.0 },
        "--out" => this with { Out = Path.GetFullPath(value) },
        _ => throw new ConfigException($"There is no option '{name}'.\n{Usage}"),
    };

    private static int Whole(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ConfigException($"{name} is '{value}'; a whole number of at least 1 is expected.");

    private static string Type(string name, string value) => value is "f32" or "f16" or "q8"
        ? value
        : throw new ConfigException($"{name} is '{value}'; give f32, f16 or q8.");
}
