using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;
using Octavo.Engine.Threads;
using Octavo.Models;

namespace Octavo.Engine;

/// <summary>
/// A text model ready to run. Quantized weights are packed once, in memory of their own, with the numbers that they have; others are used
/// where they are stored. Sessions of one model may be used from different threads;
/// their computations take turns. Disposing the model ends its sessions.
/// </summary>
public sealed partial class LanguageModel : IDisposable
{
    // Below so many parameters the two best tokens often lie closer than 8-bit activations are apart, and prompts are read quickly anyway.
    private const long SmallModel = 1_000_000_000;

    private readonly LoweredModel _lowered;
    private readonly WorkerPool _pool;
    private readonly ForwardPass _forward;
    private readonly PrefixStore _prefixes;
    private readonly Lazy<Tokenizer> _tokenizer;
    private readonly Lazy<ChatTemplate?> _template;
    private bool _running;
    private bool _disposed;

    private LanguageModel(Checkpoint checkpoint, EngineOptions options)
    {
        Checkpoint = checkpoint;
        var kernels = KernelSets.Select(options.InstructionSet);
        InstructionSet = kernels.Name;
        IsExact = options.Exact;
        KvType = KvTypeOf(options);
        ContextLength = options.ContextLength ?? checkpoint.Model.ContextLength;
        Kernels = kernels;
        _tokenizer = new Lazy<Tokenizer>(checkpoint.LoadTokenizer);
        Warmup.BeginTokenizer(_tokenizer);
        Warmup.BeginRows(kernels, KvType);
        Warmup.BeginProducts(kernels, checkpoint.Weights.Tensors, IsExact);
        ActivationBits = options.Exact ? 32 : options.ActivationBits ?? (Elements(checkpoint) < SmallModel ? 16 : 8);
        _pool = new WorkerPool(options.Threads ?? Environment.ProcessorCount);
        try
        {
            _lowered = new LoweredModel(checkpoint, options.Exact ? null : _pool);
            if (!_lowered.IsPacked)
                ActivationBits = Unrounded(checkpoint, options);
            RecomputesBeyond = _lowered.Rotaries.Select(known => known.Rotary.Scaling).OfType<LongRopeScaling>().FirstOrDefault()?.OriginalLength;
            Pages = new PagePool(_lowered.PageShape.KvHeads, _lowered.PageShape.HeadDim, KvType);
            _forward = new ForwardPass(_lowered, kernels, _pool, Pages, ActivationBits);
        }
        catch
        {
            _pool.Dispose();
            _lowered?.Dispose();
            throw;
        }
        PrefixCache = new PrefixCache(this, _prefixes = new PrefixStore(Pages, Layers, options.PrefixCacheBytes ?? DefaultPrefixCacheBytes()));
        _chunks = new ChunkStore(Pages, Layers, _prefixes.Statistics.Limit);
        _template = new Lazy<ChatTemplate?>(() => checkpoint.ReadChatTemplate() is { } source ? ChatTemplate.Parse(source) : null);
    }

    /// <summary>The checkpoint.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The tokenizer, read when first asked for.</summary>
    public Tokenizer Tokenizer => _tokenizer.Value;

    /// <summary>The chat template, or null where the checkpoint has none; parsed when first asked for.</summary>
    public ChatTemplate? Template => _template.Value;

    /// <summary>Positions that a sequence may hold.</summary>
    public int ContextLength { get; }

    /// <summary>The instruction set in use.</summary>
    public string InstructionSet { get; }

    /// <summary>Threads that compute.</summary>
    public int Threads => _pool.Threads;

    /// <summary>Bits of the activations that meet quantized weights: 8, 16, or 32 where they stay unrounded.</summary>
    public int ActivationBits { get; }

    /// <summary>Whether activations stay unrounded and weights are dequantized.</summary>
    public bool IsExact { get; }

    /// <summary>How keys and values are stored.</summary>
    public KvType KvType { get; }

    /// <summary>The heads that can be read: <c>lm_head</c>, or <c>score</c> for a sequence classifier.</summary>
    public IEnumerable<string> Heads => _lowered.Heads.Keys;

    /// <summary>Whether every token sees its whole text; such a model is run by a <see cref="TextEncoder"/>.</summary>
    public bool IsEncoder => _lowered.IsEncoder;

    /// <summary>Bytes of key-value pages held for all sessions.</summary>
    public long KvBytes => Pages.BytesReserved;

    /// <summary>What is kept of earlier prompts, so that it need not be computed again.</summary>
    public PrefixCache PrefixCache { get; }

    internal bool IsDisposed => _disposed;

    /// <summary>Held by the session that computes; reentrant.</summary>
    internal object Turn => _pool;

    private static long Elements(Checkpoint checkpoint)
    {
        var elements = 0L;
        foreach (var tensor in checkpoint.Weights.Tensors)
            elements += tensor.Elements;
        return elements;
    }

    /// <summary>Whether keys of a sequence of this length depend on the length, so that another sequence cannot take them over.</summary>
    internal bool KeysDependOnLength(int length) => _lowered.Rotaries.Any(known => RotaryTable.DependsOnLength(known.Rotary, length));

    /// <summary>The length beyond which keys that were computed below it are of no use, and all are computed again; null where there is none.</summary>
    internal int? RecomputesBeyond { get; }

    internal KernelSet Kernels { get; }

    internal PagePool Pages { get; }

    /// <summary>The most rows of a pass.</summary>
    internal int BlockRows => _forward.Rows;

    internal KvCache NewCache(int capacity) => new(Pages, Layers, capacity);

    /// <summary>What packed weights take.</summary>
    internal long PackedBytes => _lowered.PackedBytes;

    /// <summary>What norms, biases and rows that were copied together take.</summary>
    internal long CopiedBytes => _lowered.CopiedBytes;

    internal int Layers => _lowered.Layers.Length;

    internal int VocabularySize => _lowered.Description.VocabularySize;

    /// <summary>Loads a checkpoint; the model owns it from then on, also where loading fails.</summary>
    /// <param name="checkpoint">An opened checkpoint.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ConfigException">An option is wrong.</exception>
    /// <exception cref="UnsupportedException">The description or the instruction set is not supported here.</exception>
    public static LanguageModel Load(Checkpoint checkpoint, EngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options ??= new EngineOptions();
        try
        {
            options.Validate();
            if (!options.MemoryMap && checkpoint.IsMemoryMapped)
                throw new ConfigException($"{checkpoint.Path} is mapped already; open the checkpoint without a map, or leave MemoryMap as it is.");
            if (options.ContextLength > checkpoint.Model.ContextLength)
            {
                throw new ConfigException(
                    $"context length is {options.ContextLength}, but {checkpoint.Path} was made for {checkpoint.Model.ContextLength}; give at most that.");
            }
            return new LanguageModel(checkpoint, options);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Opens and loads a checkpoint.</summary>
    /// <param name="path">Folder or file, as <see cref="Checkpoint.Open"/> takes it.</param>
    /// <param name="options">How to run it.</param>
    public static LanguageModel Load(string path, EngineOptions? options = null)
    {
        options ??= new EngineOptions();
        options.Validate();
        Warmup.BeginRows(KernelSets.Select(options.InstructionSet), KvTypeOf(options));
        return Load(Checkpoint.Open(path, options.MemoryMap), options);
    }

    /// <summary>Starts an empty sequence of the model alone.</summary>
    /// <exception cref="UnsupportedException">The model is an encoder.</exception>
    public Session NewSession() => NewSession(null);

    /// <summary>Starts an empty sequence.</summary>
    /// <param name="adapter">The adapter that its tokens are run with; null for the model alone.</param>
    /// <exception cref="UnsupportedException">The model is an encoder.</exception>
    /// <exception cref="ConfigException">There is no adapter of that name.</exception>
    public Session NewSession(string? adapter) => NewSession(adapter, null);

    /// <summary>Starts an empty sequence whose keys and values a method looks after.</summary>
    /// <param name="adapter">The adapter that its tokens are run with; null for the model alone.</param>
    /// <param name="method">What becomes of keys and values once the prompt (the first tokens that are run) has been read; null keeps all.</param>
    /// <exception cref="UnsupportedException">The model is an encoder, or one that methods do not work for.</exception>
    /// <exception cref="ConfigException">There is no adapter of that name, or an option of the method is wrong.</exception>
    public Session NewSession(string? adapter, KvMethod? method)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsEncoder)
            throw new UnsupportedException($"{Checkpoint.Path} is an encoder ({Checkpoint.Model.Architecture}): it reads whole texts and generates none. Use TextEncoder (octavo embed).");
        method?.Validate();
        if (method is not null)
            CheckMethod(method);
        return new Session(this, new KvCache(Pages, Layers, ContextLength), Find(adapter), method);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_pool)
        {
            if (_disposed)
                return;
            CheckNotRunning();
            _disposed = true;
            _pool.Dispose();
            _forward.Dispose();
            foreach (var adapter in _adapters)
                adapter.Dispose();
            _lowered.Dispose();
            _prefixes.Dispose();
            _chunks.Dispose();
            Pages.Dispose();
            Checkpoint.Dispose();
        }
    }

    /// <summary>A probe runs in the middle of a pass, on the thread that holds the turn.</summary>
    private void CheckNotRunning()
    {
        if (_running)
            throw new InvalidOperationException("A probe can neither run nor dispose the model that it looks into; copy what it sees, and do that afterwards.");
    }

    private static int Unrounded(Checkpoint checkpoint, EngineOptions options) => options.ActivationBits is null
        ? 32
        : throw new ConfigException(
            $"{checkpoint.Path} has no quantized weights, so its activations stay unrounded and {options.ActivationBits} bits have no effect; leave them out.");

    internal static KvType KvTypeOf(EngineOptions options) => options.KvType ?? (options.Exact ? KvType.F32 : KvType.F16);

    internal static long DefaultPrefixCacheBytes() => Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    /// <summary>Refuses a token that the model does not have.</summary>
    /// <exception cref="ConfigException">It is outside the vocabulary.</exception>
    internal void Check(int token)
    {
        if ((uint)token >= (uint)VocabularySize)
            throw new ConfigException($"Token {token} is not in the vocabulary of {VocabularySize}.");
    }

    internal LoweredLinear Head(string name) => _lowered.Heads.TryGetValue(name, out var head)
        ? head
        : throw new UnsupportedException($"{Checkpoint.Path} has no head '{name}'; it has {string.Join(", ", Heads)}.");

    internal unsafe void Run(
        ReadOnlySpan<Row> rows, ReadOnlySpan<KvCache> caches, ReadOnlySpan<int> lengths, LoweredLinear? head, float* output,
        HiddenProbe? probe, int firstRow)
    {
        lock (_pool)
        {
            Enter();
            try
            {
                _forward.Run(rows, caches, lengths, head, output, probe, firstRow);
            }
            finally
            {
                _running = false;
            }
        }
    }

    /// <summary>Runs a sequence's rows layer by layer, all of them at once.</summary>
    internal unsafe void RunWhole(ReadOnlySpan<Row> rows, KvCache cache, ReadOnlySpan<int> lengths, LoweredLinear? head, float* output, Action<int> afterLayer)
    {
        lock (_pool)
        {
            Enter();
            try
            {
                _forward.RunWhole(rows, cache, lengths, head, output, afterLayer);
            }
            finally
            {
                _running = false;
            }
        }
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckNotRunning();
        _running = true;
    }
}
