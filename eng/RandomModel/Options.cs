using System.Globalization;
using Octavo.Core;

namespace Octavo.Tools.RandomModel;

/// <summary>What to make. The defaults are the shape of SmolLM2-1.7B.</summary>
internal sealed record Options(string Tokenizer, string Target)
{
    private const string Usage = "usage: RandomModel TOKENIZER.gguf TARGET.gguf [--layers 24] [--width 2048] [--ffn 8192] [--heads 32] "
        + "[--kv-heads 32] [--context 8192] [--seed 1]";

    public int Layers { get; private init; } = 24;
    public int Width { get; private init; } = 2048;
    public int Ffn { get; private init; } = 8192;
    public int Heads { get; private init; } = 32;
    public int KvHeads { get; private init; } = 32;
    public int Context { get; private init; } = 8192;
    public int Seed { get; private init; } = 1;

    public int HeadWidth => Width / Heads;

    public static Options Parse(string[] args)
    {
        if (args.Length < 2 || args.Length % 2 != 0)
            throw new ConfigException(Usage);
        var options = new Options(args[0], args[1]);
        for (var i = 2; i < args.Length; i += 2)
        {
            if (!int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                throw new ConfigException($"{args[i]} is '{args[i + 1]}'; a whole number of at least 1 is expected. {Usage}");
            options = args[i] switch
            {
                "--layers" => options with { Layers = number },
                "--width" => options with { Width = number },
                "--ffn" => options with { Ffn = number },
                "--heads" => options with { Heads = number },
                "--kv-heads" => options with { KvHeads = number },
                "--context" => options with { Context = number },
                "--seed" => options with { Seed = number },
                _ => throw new ConfigException($"There is no option '{args[i]}'. {Usage}"),
            };
        }
        if (options.Width % options.Heads != 0 || options.HeadWidth % 2 != 0 || options.Heads % options.KvHeads != 0)
            throw new ConfigException($"{options.Width} columns, {options.Heads} heads and {options.KvHeads} key heads do not fit: "
                + "heads must divide the columns into even widths, and key heads must divide heads.");
        return options;
    }
}
