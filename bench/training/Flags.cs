using System.Globalization;
using Octavo.Nn.Decoder;

namespace Octavo.Bench.Training;

/// <summary>What to run.</summary>
internal sealed record Flags
{
    public string Model { get; init; } = "";
    public int Batch { get; init; } = 1;
    public int Sequence { get; init; } = 512;
    public int Steps { get; init; } = 3;
    public int Warmup { get; init; } = 1;
    public int Threads { get; init; } = 2;
    public int? Lora { get; init; }
    public ulong Seed { get; init; }
    public bool Recompute { get; init; }
    public bool Bf16 { get; init; }
    public bool Eager { get; init; }

    public static Flags Read(string[] args)
    {
        var flags = new Flags();
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => args[++i];
            int Number() => int.Parse(Value(), CultureInfo.InvariantCulture);
            flags = args[i] switch
            {
                "--model" => flags with { Model = Value() },
                "--batch" => flags with { Batch = Number() },
                "--sequence" => flags with { Sequence = Number() },
                "--steps" => flags with { Steps = Number() },
                "--warmup" => flags with { Warmup = Number() },
                "--threads" => flags with { Threads = Number() },
                "--lora" => flags with { Lora = Number() },
                "--seed" => flags with { Seed = (ulong)Number() },
                "--recompute" => flags with { Recompute = true },
                "--eager" => flags with { Eager = true },
                "--bf16" => flags with { Bf16 = true },
                var other => throw new ArgumentException($"unknown option '{other}'"),
            };
        }
        return flags;
    }

    public DecoderOptions Options() => new()
    {
        TrainWeights = Lora is null || Eager,
        Compute = Bf16 ? NumberType.Bf16 : NumberType.Fp32,
        Frozen = Bf16 && Lora is not null ? NumberType.Bf16 : NumberType.Fp32,
        Recompute = Recompute,
    };

    /// <summary>The tokens of a step, as <c>peer.py</c> draws them: a 64-bit linear congruential generator, the high bits taken.</summary>
    public static int[] Draw(ulong seed, int step, int count, int vocabulary)
    {
        var x = (seed << 32) + (ulong)step;
        var ids = new int[count];
        for (var i = 0; i < count; i++)
        {
            x = unchecked((x * 6364136223846793005UL) + 1442695040888963407UL);
            ids[i] = (int)((x >> 33) % (ulong)vocabulary);
        }
        return ids;
    }
}
