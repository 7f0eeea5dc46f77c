using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Estimate;

/// <summary>What the parts of an estimate are called, and where they come from.</summary>
internal static class PartText
{
    /// <summary>The part's name in JSON.</summary>
    public static string Key(MemoryUse use)
    {
        var name = use.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static string Name(MemoryUse use) => use switch
    {
        MemoryUse.PackedWeights => "packed weights",
        MemoryUse.MappedWeights => "mapped weights",
        MemoryUse.ReadWeights => "weights as read",
        MemoryUse.CopiedWeights => "norms and biases",
        MemoryUse.Embedding => "embedding table",
        MemoryUse.Cache => "keys and values",
        MemoryUse.Activations => "activations",
        MemoryUse.Logits => "logits",
        MemoryUse.Tokenizer => "tokenizer",
        MemoryUse.Runtime => "runtime",
        _ => "while loading",
    };

    public static string Note(MemoryUse use, MemoryEstimate estimate, TextModel model, int threads) => use switch
    {
        MemoryUse.PackedWeights => "quantized ones, repacked into memory of their own; their file pages are given back",
        MemoryUse.MappedWeights => "used where the file is mapped; the system may drop pages and read them again",
        MemoryUse.ReadWeights => "the whole file in memory (--no-mmap)",
        MemoryUse.CopiedWeights => "copied, in fp32",
        MemoryUse.Embedding => "rows read where the file is mapped: about half of the table, from long texts",
        MemoryUse.Cache => $"{EngineFlags.NameOf(estimate.KvType)}, {Rich.Bytes(estimate.TokenBytes)} a token: "
            + $"{Rich.Count(estimate.ContextLength)} tokens{Times(estimate)}",
        MemoryUse.Activations => $"rows that are computed together, and the scratch of {threads} thread{(threads == 1 ? "" : "s")}",
        MemoryUse.Logits => $"{Rich.Count(model.VocabularySize)} tokens{Times(estimate)}, and what sampling needs for them",
        MemoryUse.Tokenizer => "vocabulary and merges",
        MemoryUse.Runtime => ".NET, its libraries, compiled code, this program",
        _ => "mapped pages of a large matrix while it is packed; given back then",
    };

    private static string Times(MemoryEstimate estimate) => estimate.Batch == 1 ? "" : $" × {estimate.Batch} sequences";
}
