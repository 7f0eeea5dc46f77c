using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Running;
using Octavo.Models;

namespace Octavo.Engine.Memory;

/// <summary>What becomes of a description's weights when it is lowered, in bytes: packed, used where they lie, or copied.</summary>
internal sealed class WeightMemory
{
    private readonly Func<View, TensorType?> _typeOf;
    private readonly bool _packs;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _spread = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);

    /// <param name="model">The description.</param>
    /// <param name="typeOf">How a tensor is stored; null where an optional one is not there.</param>
    /// <param name="packs">Whether quantized weights are packed.</param>
    public WeightMemory(TextModel model, Func<View, TensorType?> typeOf, bool packs)
    {
        if (model.Stacks.Count != 1)
            throw new UnsupportedException($"{model.Architecture} has {model.Stacks.Count} stacks; the engine runs models of one.");
        (_typeOf, _packs) = (typeOf, packs);
        var stack = model.Stacks[0];
        Copy(stack.Input.Norm);
        foreach (var part in stack.Layers.SelectMany(layer => layer.Parts))
        {
            Copy(part.Pre);
            Add(part.Mix, model.ContextLength);
            Copy(part.Out);
            Copy(part.Post);
        }
        Copy(stack.Final);
        foreach (var head in stack.Heads.Where(head => typeOf(head.Projection.W) is not null))
            Add(head.Projection);
        View[] tables = [.. new[] { stack.Input.Table, stack.Input.Positions, stack.Input.Types }.OfType<View>()];
        foreach (var table in tables)
            Store(table);
        Tables = [.. tables.Where(view => !_used.Contains(view.Name)).Select(BytesOf)];
    }

    /// <summary>Quantized matrices once they are packed.</summary>
    public long Packed { get; private set; }

    /// <summary>Matrices that are used where they lie; one that is used twice counts once.</summary>
    public long Used { get; private set; }

    /// <summary>Norms and biases in fp32, rows that lie apart, what is added to scores by distance.</summary>
    public long Copied { get; private set; }

    /// <summary>Tables of which tokens read a row, without one that is used whole as a head.</summary>
    public IReadOnlyList<long> Tables { get; }

    /// <summary>Every parameter as it is stored.</summary>
    public long Stored { get; private set; }

    /// <summary>The most that lies in memory while matrices are packed: what is packed so far, and the mapped pages of the present one.</summary>
    public long PackingPeak { get; private set; }

    private void Add(Mixer mixer, int contextLength)
    {
        switch (mixer)
        {
            case Attention attention:
                Add(attention.Q);
                Add(attention.K);
                Add(attention.V);
                Add(attention.O);
                Copy(attention.QkNorm?.Q);
                Copy(attention.QkNorm?.K);
                Store(attention.Bias?.Table);
                if (attention.Bias is { } bias && _spread.Add(bias.Table.Name))
                    Copied += attention.Heads * ((2L * contextLength) - 1) * sizeof(float);
                break;
            case Mlp mlp:
                if (mlp.Gate is not null)
                    Add(mlp.Gate);
                Add(mlp.Up);
                Add(mlp.Down);
                break;
            case Experts experts:
                Add(experts.Router);
                foreach (var expert in experts.Each)
                    Add(expert, contextLength);
                break;
            default:
                throw new UnsupportedException($"The engine has no {mixer.GetType().Name} part.");
        }
    }

    private void Add(Linear linear)
    {
        var type = TypeOf(linear.W);
        var columns = linear.W.Shape[^1];
        var rows = linear.Rows is null ? checked((int)(Elements(linear.W) / columns)) : linear.Outputs;
        var bytes = rows * type.ByteLength(columns);
        Store(linear.W);
        Store(linear.B);
        if (linear.B is not null)
            Copied += rows * sizeof(float);
        var isCopied = linear.Rows is { Repeats: > 1 };
        if (isCopied)
            Copied += bytes;
        if (_packs && PackedWeights.CanPack(type, columns))
        {
            Packed += PackedWeights.BytesOf(type, rows, columns);
            PackingPeak = Math.Max(PackingPeak, Packed + bytes);
        }
        else if (!isCopied && _used.Add(Slice(linear)))
        {
            _used.Add(linear.W.Name);
            Used += bytes;
        }
    }

    private void Store(View? view)
    {
        if (view is not null && _stored.Add(view.Name))
            Stored += BytesOf(view);
    }

    private void Copy(Norm? norm)
    {
        Store(norm?.W);
        Store(norm?.B);
        if (norm is not null)
            Copied += (Elements(norm.W) + (norm.B is null ? 0 : Elements(norm.B))) * sizeof(float);
    }

    // parts of one matrix count by their rows
    private static string Slice(Linear linear) => linear.Rows is null ? linear.W.Name : $"{linear.W.Name} {linear.Rows.Start}";

    private long BytesOf(View view) => TypeOf(view).ByteLength(Elements(view));

    private TensorType TypeOf(View view) => _typeOf(view) ?? throw new CheckpointException($"There is no tensor '{view.Name}'.");

    private static long Elements(View view) => view.Shape.Aggregate(1L, (product, size) => checked(product * size));
}
