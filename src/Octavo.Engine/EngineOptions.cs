using Octavo.Core;

namespace Octavo.Engine;

/// <summary>How a model is loaded and run.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads that compute, the caller's among them; null takes the processors that the process may use.</summary>
    public int? Threads { get; init; }

    /// <summary>Computes in fp32 on dequantized weights and unrounded activations: the path that is compared with references.</summary>
    public bool Exact { get; init; }

    /// <summary>
    /// Bits of the activations that meet quantized weights, 8 or 16, rounded per block of 32 columns; null takes 16 for models of less than a
    /// billion parameters and 8 for larger ones. 8 bits make prompts about half as fast again; blocks with outliers keep 16 bits then.
    /// Generating is as fast with either. Cannot be given with <see cref="Exact"/>, nor where no weight is quantized.
    /// </summary>
    public int? ActivationBits { get; init; }

    /// <summary>
    /// False reads the weights into memory instead of mapping the file; quantized ones then lie there twice, as read and packed.
    /// </summary>
    public bool MemoryMap { get; init; } = true;

    /// <summary>Positions that a sequence may hold; null takes the model's own length.</summary>
    public int? ContextLength { get; init; }

    /// <summary>How keys and values are stored; null takes <see cref="KvType.F16"/>, and <see cref="KvType.F32"/> with <see cref="Exact"/>.</summary>
    public KvType? KvType { get; init; }

    /// <summary>Forces an instruction set: <c>avx512</c>, <c>avx2</c>, <c>v128</c>, <c>scalar</c>; null takes the best that is there.</summary>
    public string? InstructionSet { get; init; }

    /// <summary>
    /// The most bytes of keys and values that are kept for prompts that begin alike (<see cref="PrefixCache"/>); 0 keeps none. Null takes
    /// 1 GiB, at most an eighth of the memory that the process may use.
    /// </summary>
    public long? PrefixCacheBytes { get; init; }

    /// <summary>Checks all values and reports every problem at once.</summary>
    /// <exception cref="ConfigException">One line per problem.</exception>
    public void Validate()
    {
        List<string> problems = [];
        if (Threads is < 1 or > 256)
            problems.Add($"threads is {Threads}; give 1 to 256.");
        if (ContextLength is < 1)
            problems.Add($"context length is {ContextLength}; give at least 1.");
        if (ActivationBits is not (null or 8 or 16))
            problems.Add($"activation bits are {ActivationBits}; give 8 or 16.");
        if (Exact && ActivationBits is not null)
            problems.Add($"exact computation does not round activations, so {ActivationBits} bits cannot be asked for; leave one of the two out.");
        if (KvType is { } type && !Enum.IsDefined(type))
            problems.Add($"key-value type is {type}; give F32, F16 or Q8.");
        if (PrefixCacheBytes < 0)
            problems.Add($"prefix cache is {PrefixCacheBytes} bytes; give 0 (none) or more.");
        if (problems.Count > 0)
            throw new ConfigException(string.Join('\n', problems));
    }
}
