// The decoder that trains, built from the same description as the engine's. Unusual: no automatic differentiation runs through the whole
// model. Each layer has a graph of its own, and DecoderRun walks back over them, so that a layer's activations go as soon as its gradient
// is known, and computing a layer again instead of keeping it is the same walk. Tokens come without padding (TokenRows).
// Notation: N tokens of all sequences, C width, V vocabulary.
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.Models.Adapters;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>
/// A decoder whose weights, or adapters, can be trained. It owns its tensors; work on it runs on one thread at a time. Weights have the
/// names and shapes of the hub's checkpoint, whatever file they were read from.
/// </summary>
public sealed class TrainableDecoder : IDisposable
{
    private readonly Dictionary<string, Weight> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LinearBlock>> _linears = new(StringComparer.Ordinal);
    private readonly Dictionary<Rotary, RotaryFactors> _factors = [];
    private readonly List<LowRank> _adapters = [];
    private readonly LeaseCount _leases = new();
    private readonly Embed _input;
    private readonly LayerBlock[] _layers;
    private readonly NormBlock? _inputNorm;
    private readonly NormBlock? _final;
    private readonly Dictionary<string, (LinearBlock Block, float Softcap)> _heads;

    /// <summary>Reads a checkpoint's weights into tensors. The checkpoint may be closed afterwards.</summary>
    /// <param name="checkpoint">Any supported decoder, from any file.</param>
    /// <param name="options">What is trained.</param>
    /// <exception cref="UnsupportedException">The description has parts that cannot be trained yet.</exception>
    public TrainableDecoder(Checkpoint checkpoint, DecoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Options = options ?? new DecoderOptions();
        Options.Validate();
        Model = checkpoint.Model;
        if (Model.Stacks.Count != 1)
            throw new UnsupportedException($"{Model.Architecture} has {Model.Stacks.Count} stacks; models of one can be trained.");
        var stack = Model.Stacks[0];
        try
        {
            var reader = new WeightReader(checkpoint);
            var builder = new BlockBuilder(reader, Options, _weights, _linears, _factors);
            _input = stack.Input;
            builder.Dense(_input.Table);
            if (_input.Positions is { } positions)
                builder.Dense(positions);
            if (_input.Types is { } types)
                builder.Dense(types);
            _inputNorm = builder.Norm(_input.Norm);
            _layers = [.. stack.Layers.Select(builder.Layer)];
            _final = builder.Norm(stack.Final);
            _heads = stack.Heads.Where(head => !head.IsOptional || checkpoint.Has(head.Projection.W))
                .ToDictionary(head => head.Name, head => (builder.Head(head.Projection), head.Softcap));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is trained, and how it is computed.</summary>
    public DecoderOptions Options { get; }

    /// <summary>The description.</summary>
    public TextModel Model { get; }

    /// <summary>Layers.</summary>
    public int Layers => _layers.Length;

    /// <summary>Every tensor that an optimizer changes, by its name in a checkpoint or in an adapter; fp32, or bf16 where the options say so.
    /// They belong to the decoder.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Trained =>
    [
        .. _weights.Values.Where(weight => weight.Trained is not null).Select(weight => (weight.View.Name, weight.Trained!)),
        .. _adapters.SelectMany(adapter => adapter.Trained.Select(part => ($"base_model.model.{adapter.Module}.{part.Name}", part.Value))),
    ];

    internal IReadOnlyDictionary<string, Weight> Weights => _weights;

    /// <summary>The type of matrix products.</summary>
    internal ScalarType Compute => Options.Compute == NumberType.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>
    /// Lends the weights to the managed engine, without a copy, as they are now and without adapters. Open
    /// <c>LanguageModel.Load(original.With(decoder.Lend()))</c>; dispose of that model before the next <see cref="BeginChange"/>.
    /// </summary>
    /// <exception cref="UnsupportedException">Weights are kept in 4 bits.</exception>
    public TensorSource Lend() => new WeightLease(_weights.Values, "the model under training", _leases);

    /// <summary>Call before an optimizer step.</summary>
    /// <exception cref="InvalidOperationException">The weights are lent.</exception>
    public void BeginChange() => _leases.BeginChange();

    /// <summary>The adapters, in the order of the layers.</summary>
    public IReadOnlyList<LowRank> Adapters => _adapters;

    /// <summary>
    /// Puts new adapters on matrices; they change nothing until they are trained (B is 0). A is drawn evenly from ±1/√in, as the reference does.
    /// </summary>
    /// <param name="options">Which matrices, and what kind.</param>
    /// <param name="seed">Where the drawing begins.</param>
    /// <exception cref="ConfigException">A target names no matrix; the message lists those there are.</exception>
    public void AddAdapters(LoraOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        List<(string Module, IReadOnlyList<int> Shape)> all = [.. Linears];
        bool Names(string module, string target) => module == target || module.EndsWith("." + target, StringComparison.Ordinal);
        foreach (var target in options.Targets.Where(target => !all.Any(linear => Names(linear.Module, target))))
        {
            var known = all.Select(linear => linear.Module[(linear.Module.LastIndexOf('.') + 1)..]).Distinct();
            throw new ConfigException($"no linear layer of {Model.Architecture} is called '{target}'; there are {string.Join(", ", known)}.");
        }
        var random = new SeededRandom(seed);
        foreach (var (module, shape) in all.Where(linear => options.Targets.Count == 0 || options.Targets.Any(target => Names(linear.Module, target))))
            Attach(NewAdapter(module, shape, options, random));
    }

    /// <summary>Puts an adapter that was trained before on the matrices that it names, to go on with it.</summary>
    /// <param name="adapter">As it was read.</param>
    /// <exception cref="ConfigException">A module is none of this model's, or has another shape.</exception>
    public void AddAdapter(Adapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        using var scope = NewDisposeScope();
        foreach (var module in adapter.Modules)
        {
            Attach(new LowRank(
                module.Name, tensor(module.A.ToArray(), [module.Rank, module.Inputs]), tensor(module.B.ToArray(), [module.Outputs, module.Rank]),
                module.Magnitude is { IsEmpty: false } lengths ? tensor(lengths.ToArray()) : null, adapter.Config.ScaleOf(module.Name), adapter.Config.Dropout));
        }
    }

    /// <summary>Puts an adapter on the stored matrix that it names.</summary>
    /// <exception cref="ConfigException">There is no such matrix, or its shape differs.</exception>
    internal void Attach(LowRank adapter)
    {
        if (!_linears.TryGetValue(adapter.Module + ".weight", out var blocks))
            throw new ConfigException($"the adapter's module '{adapter.Module}' is no linear layer of {Model.Architecture}; those are named like {_linears.Keys.First()}.");
        var view = blocks[0].Weight.View;
        var rows = view.Shape.Take(view.Shape.Count - 1).Aggregate(1, (product, size) => product * size);
        if (adapter.A.shape[1] != view.Shape[^1] || adapter.B.shape[0] != rows)
            throw new ConfigException($"the adapter of '{adapter.Module}' is made for [{adapter.B.shape[0]}, {adapter.A.shape[1]}]; the matrix is [{string.Join(", ", view.Shape)}].");
        _adapters.Add(adapter);
        foreach (var block in blocks)
            block.Adapter = adapter;
    }

    /// <summary>The names of the stored matrices that may carry an adapter, without <c>.weight</c>, and their shapes [out, in].</summary>
    internal IEnumerable<(string Module, IReadOnlyList<int> Shape)> Linears =>
        _linears.Values.Select(blocks => (blocks[0].Weight.View.Name[..^".weight".Length], blocks[0].Weight.View.Shape));

    /// <summary>
    /// Computes tokens up to the final norm. The run holds what the backward pass needs; dispose it in any case.
    /// </summary>
    /// <param name="rows">The tokens.</param>
    /// <param name="seed">Where random choices begin (dropout); equal seeds choose alike.</param>
    /// <param name="isTraining">Whether gradients will be asked for and dropout is on.</param>
    /// <param name="capture">Told of the rows after each layer: 0 is the embedding, the last is after the final norm. For looking only.</param>
    /// <exception cref="ShapeException">A token id is outside the vocabulary, or a sequence is longer than the model was made for.</exception>
    public DecoderRun Forward(TokenRows rows, ulong seed = 0, bool isTraining = true, Action<int, Tensor>? capture = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Check(rows);
        return new DecoderRun(this, new Pass(rows, Compute, seed, rotary => _factors[rotary])
        {
            IsTraining = isTraining,
        }, capture);
    }

    /// <summary>What a head reads off rows after the final norm, in fp32 with gradients where they are on.</summary>
    /// <param name="hidden">[N, C]</param>
    /// <param name="head"><c>lm_head</c>, <c>score</c>.</param>
    /// <returns>[N, outputs]; belongs to the caller.</returns>
    public Tensor Read(Tensor hidden, string head = "lm_head")
    {
        using var scope = NewDisposeScope();
        var (block, softcap) = Head(head);
        using var pass = new Pass(TokenRows.Of(0), ScalarType.Float32, 0, rotary => _factors[rotary]);
        var y = block.Forward(hidden, pass);
        return (softcap == 0 ? y : y.div(softcap).tanh().mul(softcap)).MoveToOuterDisposeScope();
    }

    /// <summary>The matrix of a head and the cap of its outputs (0 for none).</summary>
    internal (LinearBlock Block, float Softcap) Head(string name) => _heads.TryGetValue(name, out var head)
        ? head
        : throw new UnsupportedException($"{Model.Architecture} has no head '{name}'; it has {string.Join(", ", _heads.Keys)}.");

    /// <summary>The stages of a run: every layer, then the final norm.</summary>
    internal int Stages => _layers.Length + (_final is null ? 0 : 1);

    internal Tensor Stage(int stage, Tensor x, Pass pass) =>
        stage < _layers.Length ? _layers[stage].Forward(x, pass) : _final!.Forward(x, ScalarType.Float32);

    /// <summary>What tokens begin as [N, C], fp32.</summary>
    internal Tensor Embed(TokenRows rows)
    {
        using var scope = NewDisposeScope();
        var x = Lookup(_input.Table, [.. rows.Ids]);
        if (_input.Scale != 1)
            x = x.mul(_input.Scale);
        if (_input.Positions is { } positions)
            x = x + Lookup(positions, [.. rows.Lengths.SelectMany(length => Enumerable.Range(_input.FirstPosition, length))]);
        if (_input.Types is { } types)
            x = x + Lookup(types, new int[rows.Count]);
        return (_inputNorm is null ? x : _inputNorm.Forward(x, ScalarType.Float32)).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the gradient at the embeddings is of use.</summary>
    internal bool TrainsEmbeddings => Options.TrainWeights;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var adapter in _adapters)
            adapter.Dispose();
        foreach (var weight in _weights.Values)
            weight.Dispose();
    }

    private LowRank NewAdapter(string module, IReadOnlyList<int> shape, LoraOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (columns, rows) = (shape[^1], shape.Take(shape.Count - 1).Aggregate(1, (product, size) => product * size));
        var bound = 1 / Math.Sqrt(columns);
        var a = new float[options.Rank * columns];
        for (var i = 0; i < a.Length; i++)
            a[i] = (float)(((2 * random.NextDouble()) - 1) * bound);
        var magnitude = options.HasMagnitudes
            ? _weights[module + ".weight"].In(ScalarType.Float32).view(rows, columns).square().sum([1]).sqrt()
            : null;
        return new LowRank(module, tensor(a, [options.Rank, columns]), zeros(rows, options.Rank), magnitude, options.Scale, options.Dropout);
    }

    private Tensor Lookup(View table, int[] ids)
    {
        using var scope = NewDisposeScope();
        var weight = ((DenseWeight)_weights[table.Name]).Value;
        return weight.index_select(0, tensor(ids)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private void Check(TokenRows rows)
    {
        foreach (var id in rows.Ids)
        {
            if ((uint)id >= (uint)Model.VocabularySize)
                throw new ShapeException($"token {id} is outside the vocabulary of {Model.VocabularySize}.");
        }
        if (rows.Lengths.Max() is var longest && longest > Model.ContextLength)
            throw new ShapeException($"a sequence has {longest} tokens; {Model.Architecture} was made for {Model.ContextLength}. Cut it (max_seq_length).");
    }
}
