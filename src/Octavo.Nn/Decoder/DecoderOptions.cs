using Octavo.Core;

namespace Octavo.Nn.Decoder;

/// <summary>How numbers are computed or kept.</summary>
public enum NumberType
{
    /// <summary>IEEE single precision.</summary>
    Fp32,
    /// <summary>bfloat16: fast where the processor has AMX or AVX512-BF16, else only half the memory.</summary>
    Bf16,
    /// <summary>4-bit NormalFloat in blocks of 64, with their scales quantized again (QLoRA). For frozen matrices only.</summary>
    Nf4,
}

/// <summary>What is trained of a decoder, and in which numbers.</summary>
public sealed record DecoderOptions
{
    /// <summary>The type of matrix products. Norms, residuals, softmax and losses are fp32 always.</summary>
    public NumberType Compute { get; init; } = NumberType.Fp32;

    /// <summary>Whether the model's own weights are trained. Otherwise they are frozen and adapters, which are fp32 always, are trained.</summary>
    public bool TrainWeights { get; init; } = true;

    /// <summary>
    /// How the model's own weights are kept where they are trained, with their gradients: fp32, or bf16 alone, where steps that are too small to
    /// tell from none are lost.
    /// </summary>
    public NumberType Trained { get; init; } = NumberType.Fp32;

    /// <summary>How frozen weights are kept. Embeddings, heads, norms and biases are never kept in <see cref="NumberType.Nf4"/>.</summary>
    public NumberType Frozen { get; init; } = NumberType.Fp32;

    /// <summary>Whether layers are computed again in the backward pass, so that only their inputs are kept (activation checkpointing).</summary>
    public bool Recompute { get; init; }

    /// <exception cref="ConfigException">Options that do not go together.</exception>
    public void Validate()
    {
        if (Compute is not (NumberType.Fp32 or NumberType.Bf16))
            throw new ConfigException($"products are computed in Fp32 or Bf16, not in {Compute}.");
        if (TrainWeights && Frozen != NumberType.Fp32)
            throw new ConfigException($"Frozen is {Frozen}, but the weights are trained; Trained says how those are kept. Train adapters, or leave Frozen as it is.");
        if (Trained is not (NumberType.Fp32 or NumberType.Bf16))
            throw new ConfigException($"weights that are trained are kept in Fp32 or Bf16, not in {Trained}.");
        if (!TrainWeights && Trained != NumberType.Fp32)
            throw new ConfigException($"Trained is {Trained}, but the weights are frozen; Frozen says how those are kept. Adapters are kept in Fp32.");
    }
}
