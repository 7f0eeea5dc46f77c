using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Memory;
using Octavo.Engine.Running;
using Octavo.Engine.Sampling;
using Octavo.Models;

namespace Octavo.Engine;

/// <summary>
/// The most memory that a process has resident when it runs a model with full contexts, by parts. It is added up from what the engine
/// allocates, without reading weights; the runtime and the tokenizer are measured once and rounded.
/// </summary>
/// <param name="Parts">The parts; those of nothing are left out.</param>
/// <param name="ContextLength">Positions of each sequence.</param>
/// <param name="Batch">Sequences at once.</param>
/// <param name="KvType">How keys and values are stored.</param>
/// <param name="TokenBytes">Bytes of keys and values of one token.</param>
/// <param name="PrefixCacheLimit">
/// The most bytes of pages that are kept for prompts that begin alike. Sequences that run share them; what earlier prompts leave behind comes
/// on top of the total, up to this.
/// </param>
public sealed record MemoryEstimate(
    IReadOnlyList<MemoryPart> Parts, int ContextLength, int Batch, KvType KvType, long TokenBytes, long PrefixCacheLimit)
{
    // measured: a process of tiny models after its first prompt, and what of that kernels and code take that are first used by a prompt
    private const long Runtime = 58_000_000;
    private const long RuntimeAfterLoading = 10_000_000;

    // a thread's stack and its part of the allocator
    private const long ThreadBytes = 100_000;

    // the system maps what lies around a row that is read, from 64 KB to whole folios; half of a table is what texts of thousands of tokens leave
    private const long BytesAroundRow = 16_384;

    /// <summary>All parts together.</summary>
    public long Total => Parts.Sum(part => part.Bytes);

    /// <summary>The parts that the system cannot drop.</summary>
    public long Private => Parts.Where(part => !part.IsMapped).Sum(part => part.Bytes);

    /// <summary>The bytes of one use.</summary>
    public long Of(MemoryUse use) => Parts.Where(part => part.Use == use).Sum(part => part.Bytes);

    /// <summary>Estimates for an opened checkpoint, its weights as they are stored.</summary>
    /// <param name="checkpoint">An opened checkpoint; whether it was mapped itself plays no part.</param>
    /// <param name="options">How it would be run.</param>
    /// <param name="batch">Sequences at once, 1 to 64.</param>
    /// <param name="matrices">What its matrices would be converted to; null leaves them as they are.</param>
    /// <exception cref="ConfigException">An option is wrong.</exception>
    /// <exception cref="UnsupportedException">The engine does not run such a model.</exception>
    public static MemoryEstimate For(Checkpoint checkpoint, EngineOptions? options = null, int batch = 1, TensorType? matrices = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        TensorType? TypeOf(View view) => !checkpoint.Has(view) ? null
            : matrices is { } type ? Converted(view, type)
            : checkpoint.Resolve(view).Type;
        long? stored = matrices is null ? checkpoint.Weights.Tensors.Sum(tensor => tensor.ByteLength) : null;
        return Add(checkpoint.Model, TypeOf, stored, TokenizerMemory.Of(checkpoint), options ?? new EngineOptions(), batch);
    }

    /// <summary>
    /// Estimates from a description alone: matrices in <paramref name="matrices"/> (what `convert` takes instead where their rows do not fill its blocks), norms and
    /// biases in F32.
    /// </summary>
    /// <param name="model">A description.</param>
    /// <param name="matrices">How matrices are stored.</param>
    /// <param name="options">How it would be run.</param>
    /// <param name="batch">Sequences at once, 1 to 64.</param>
    /// <exception cref="ConfigException">An option is wrong.</exception>
    /// <exception cref="UnsupportedException">The engine does not run such a model.</exception>
    public static MemoryEstimate For(TextModel model, TensorType matrices, EngineOptions? options = null, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Add(model, view => Converted(view, matrices), null, TokenizerMemory.Of(model.VocabularySize), options ?? new EngineOptions(), batch);
    }

    private static TensorType Converted(View view, TensorType matrices) =>
        ModelConversion.StoredAs(view, matrices);

    private static MemoryEstimate Add(
        TextModel model, Func<View, TensorType?> typeOf, long? stored, long tokenizer, EngineOptions options, int batch)
    {
        options.Validate();
        new BatchOptions { MaxSequences = batch }.Validate();
        var context = options.ContextLength ?? model.ContextLength;
        if (context > model.ContextLength)
            throw new ConfigException($"context length is {context}, but the model was made for {model.ContextLength}; give at most that.");
        var kv = LanguageModel.KvTypeOf(options);
        var weights = new WeightMemory(model, typeOf, packs: !options.Exact);
        var layers = model.Stacks[0].Layers.Count;
        var pages = (context + PagePool.Positions - 1) / PagePool.Positions;
        var shape = model.Stacks[0].Layers.SelectMany(layer => layer.Parts).Select(part => part.Mix).OfType<Attention>().First();
        var pageBytes = PagePool.PageBytesOf(shape.KvHeads, shape.HeadDim, kv);
        // a session holds its tokens beside the cache's positions
        var tables = batch * (KvCache.TableBytes(layers, context) + ((long)context * sizeof(int)));
        var threads = options.Threads ?? Environment.ProcessorCount;
        var outputs = model.Stacks[0].Heads.Where(head => typeOf(head.Projection.W) is not null).Select(head => (long)head.Projection.Outputs).DefaultIfEmpty().Max();
        var isEncoder = LoweredModel.Encodes(model);
        List<MemoryPart> parts =
        [
            new(MemoryUse.PackedWeights, weights.Packed),
            options.MemoryMap ? new(MemoryUse.MappedWeights, weights.Used, IsMapped: true) : new(MemoryUse.ReadWeights, stored ?? weights.Stored),
            new(MemoryUse.CopiedWeights, weights.Copied),
            new(MemoryUse.Embedding, options.MemoryMap ? weights.Tables.Sum(table => Touched(table, (long)context * batch)) : 0, IsMapped: true),
            new(MemoryUse.Cache, PagePool.BytesFor((long)pages * layers * batch, pageBytes) + tables),
            new(MemoryUse.Activations, ForwardPass.BytesOf(model, KernelSets.Select(options.InstructionSet), threads, batch, pages)),
            new(MemoryUse.Logits, isEncoder ? 0 : batch * ((outputs * sizeof(float)) + ((long)model.VocabularySize * Sampler.TokenBytes))),
            new(MemoryUse.Tokenizer, tokenizer),
            new(MemoryUse.Runtime, Runtime + (threads * ThreadBytes)),
        ];
        var running = parts.Where(part => part.Use is not MemoryUse.ReadWeights).Sum(part => part.Bytes);
        var loading = Runtime - RuntimeAfterLoading + tokenizer + (options.MemoryMap ? weights.PackingPeak : weights.Packed);
        parts.Add(new(MemoryUse.Loading, Math.Max(0, loading - running), IsMapped: options.MemoryMap));
        var prefixes = options.PrefixCacheBytes ?? LanguageModel.DefaultPrefixCacheBytes();
        return new([.. parts.Where(part => part.Bytes > 0)], context, batch, kv, (long)pageBytes * layers / PagePool.Positions, isEncoder ? 0 : prefixes);
    }

    private static long Touched(long table, long tokens) => Math.Min(table / 2, tokens * BytesAroundRow);
}
