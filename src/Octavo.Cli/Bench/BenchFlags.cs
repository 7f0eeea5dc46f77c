using System.CommandLine;
using System.Globalization;
using Octavo.Cli.CommandLine;
using Octavo.Core;

namespace Octavo.Cli.Bench;

/// <summary>The options that say what is measured. They differ from those of other verbs: several of them are lists.</summary>
internal sealed class BenchFlags
{
    public const int DefaultPrompt = 512;
    public const int DefaultDepth = 128;

    private const int DefaultTokens = 64;
    private const int DefaultRepetitions = 5;
    private const int MostRepetitions = 1000;

    // what a batch of the engine takes
    private const int MostSequences = 64;

    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; the bundled model by default.");
    private readonly Option<string?> _prompt = List("--prompt", "Prefill tests: tokens of a prompt that is read into an empty cache.");
    private readonly Option<string?> _depth = List("--depth", "Decode tests: tokens of the context that --tokens are generated after; 0 for none.");
    private readonly Option<string?> _tokens = Options.Whole("--tokens", "Tokens that a decode test generates; 64 by default.");
    private readonly Option<string?> _batch = List("--batch", "Sequences that decode together, 1 by default; their tokens are counted together.");
    private readonly Option<string?> _threads = List("--threads", "Threads that compute; all processors by default.");
    private readonly Option<string?> _kv = Options.Text("--kv", "TYPE", "How keys and values are stored: f32, f16 or q8; f16 by default, f32 with --exact.");
    private readonly Option<string?> _activations = Options.Whole("--activations", "Bits of the activations that meet quantized weights: 8 or 16.");
    private readonly Option<string?> _device = Options.Text("--device", "NAME", "Where to compute: cpu, the only one so far.");
    private readonly Option<string?> _isa = Options.Text(
        "--isa", "NAME", "Forces an instruction set: avx512, avx2, v128 or scalar; the best that is there by default.");
    private readonly Option<string?> _exact = Options.Flag("--exact", "Computes in fp32 on dequantized weights.");
    private readonly Option<string?> _noMmap = Options.Flag("--no-mmap", "Reads the weights into memory instead of mapping the file.");
    private readonly Option<string?> _repetitions = Options.Whole("--repetitions", "Measurements per test, after a warm-up; 5 by default.");
    private readonly Option<string?> _noProbe = Options.Flag("--no-probe", "Does not measure the machine's limits.");

    public IEnumerable<Symbol> Symbols =>
        [_model, _prompt, _depth, _tokens, _batch, _threads, _kv, _activations, _device, _isa, _exact, _noMmap, _repetitions, _noProbe];

    /// <exception cref="ConfigException">A value is wrong or has no effect.</exception>
    /// <exception cref="UnsupportedException">The engine cannot do what was asked for yet.</exception>
    public BenchPlan Read(ParseResult parsed)
    {
        if (parsed.GetValue(_device) is { } device && device != "cpu")
            throw new UnsupportedException($"the device '{device}' is not supported; supported is cpu.");
        var (prompts, depths) = (Numbers(parsed, _prompt, 1), Numbers(parsed, _depth, 0));
        var isDefault = prompts is null && depths is null;
        var decodes = isDefault || depths is not null;
        foreach (var option in (Option<string?>[])[_tokens, _batch])
        {
            if (!decodes && parsed.Has(option))
                throw new ConfigException($"{option.Name} has no effect without a decode test; add --depth or leave it out.");
        }
        return new BenchPlan
        {
            Kv = EngineFlags.Kv(parsed.GetValue(_kv)),
            ActivationBits = parsed.Whole(_activations),
            Prompts = isDefault ? [DefaultPrompt] : prompts ?? [],
            Depths = isDefault ? [DefaultDepth] : [.. (depths ?? []).Order()],
            Batches = Numbers(parsed, _batch, 1, MostSequences) ?? [1],
            Tokens = Number(parsed, _tokens, DefaultTokens, int.MaxValue / 4),
            Threads = Numbers(parsed, _threads, 1, 256) ?? [Environment.ProcessorCount],
            Repetitions = Number(parsed, _repetitions, DefaultRepetitions, MostRepetitions),
            InstructionSet = parsed.GetValue(_isa),
            Exact = parsed.Has(_exact),
            MemoryMap = !parsed.Has(_noMmap),
            Probes = !parsed.Has(_noProbe),
            Path = Installation.Models.Resolve(parsed.GetValue(_model) ?? Installation.BundledModel),
        };
    }

    private static int Number(ParseResult parsed, Option<string?> option, int preset, int most)
    {
        var number = parsed.Whole(option) ?? preset;
        return number >= 1 && number <= most ? number : throw new ConfigException($"{option.Name} is {number}; give 1 to {most}.");
    }

    private static int[]? Numbers(ParseResult parsed, Option<string?> option, int least, int most = int.MaxValue / 4)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] < least || numbers[i] > most)
                throw new ConfigException($"{option.Name}: '{parts[i]}' is no whole number from {least} to {most}; put commas between several.");
            if (Array.IndexOf(numbers, numbers[i], 0, i) >= 0)
                throw new ConfigException($"{option.Name} has {numbers[i]} twice; give each number once.");
        }
        return numbers;
    }

    private static Option<string?> List(string name, string description) => Options.Text(name, "N[,N…]", description);
}
