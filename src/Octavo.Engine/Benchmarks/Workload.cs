using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Engine.Benchmarks;

/// <summary>Operations by the arithmetic that does them; a multiply-add counts as two.</summary>
/// <param name="Integer">On weights whose products run on rounded activations.</param>
/// <param name="Float">In fp32: the other products, and attention.</param>
internal readonly record struct Operations(double Integer, double Float)
{
    public double Total => Integer + Float;

    public static Operations operator +(Operations left, Operations right) => new(left.Integer + right.Integer, left.Float + right.Float);

    public static Operations operator *(Operations operations, double count) => new(operations.Integer * count, operations.Float * count);
}

/// <summary>
/// What a model's mathematics has to read and compute, from its description: the numerator of every achieved rate. What an
/// implementation does beyond it (reading keys again for each query head, packing) does not count.
/// </summary>
internal sealed class Workload
{
    private readonly Operations _layers;
    private readonly Operations _head;
    private readonly Attention[] _attentions;
    private readonly KvType _kv;

    /// <param name="checkpoint">The model, opened.</param>
    /// <param name="exact">Whether products run in fp32.</param>
    /// <param name="kv">How keys and values are stored.</param>
    public Workload(Checkpoint checkpoint, bool exact, KvType kv = KvType.F16)
    {
        _kv = kv;
        var stack = checkpoint.Model.Stacks[0];
        var parts = stack.Layers.SelectMany(layer => layer.Parts).ToList();
        var linears = parts.SelectMany(part => Linears(part.Mix)).ToList();
        var head = (stack.Heads.FirstOrDefault(head => head.Name == Session.LanguageHead)
            ?? throw new UnsupportedException($"{checkpoint.Path} has no {Session.LanguageHead}: it generates no tokens that could be timed.")).Projection;
        var norms = parts.SelectMany(part => new[] { part.Pre, part.Out, part.Post }).Append(stack.Final).OfType<Norm>().Select(norm => norm.W);

        long Bytes(IEnumerable<View> views) => views.Sum(view => checkpoint.Resolve(view).ByteLength);
        // parts of one matrix count by their rows
        long MatrixBytes(Linear linear)
        {
            var weights = checkpoint.Resolve(linear.W);
            return weights.Type.ByteLength(linear.Outputs * weights.Shape[^1]);
        }
        Operations Product(Linear linear)
        {
            var weights = checkpoint.Resolve(linear.W);
            var operations = 2.0 * linear.Outputs * weights.Shape[^1];
            return !exact && PackedFormat.Of(weights.Type) is not null ? new Operations(operations, 0) : new Operations(0, operations);
        }
        WeightBytes = linears.Append(head).Sum(MatrixBytes) + Bytes(linears.Append(head).Select(linear => linear.B).OfType<View>().Distinct().Concat(norms));
        _layers = linears.Select(Product).Aggregate((left, right) => left + right);
        _head = Product(head);
        _attentions = [.. parts.Select(part => part.Mix).OfType<Attention>()];
    }

    /// <summary>Bytes of the weights that every token passes: all but the rows of the embedding table, which is read where it is the head.</summary>
    public long WeightBytes { get; }

    /// <summary>Bytes of keys and values that tokens of one sequence read when they run one after the other, once per key-value head.</summary>
    /// <param name="depth">Tokens in the cache before the first one.</param>
    /// <param name="tokens">How many.</param>
    public double CacheBytes(int depth, int tokens) =>
        _attentions.Sum(attention => (double)attention.KvHeads * new PageLayout(_kv, attention.HeadDim).HeadBytes / PagePool.Positions * Seen(attention, depth, tokens));

    /// <summary>Operations of tokens that follow <paramref name="depth"/> others.</summary>
    /// <param name="depth">Tokens in the cache before the first one.</param>
    /// <param name="tokens">How many.</param>
    /// <param name="projected">For how many of them the head is computed.</param>
    public Operations Compute(int depth, int tokens, int projected)
    {
        var attention = _attentions.Sum(attention => 4.0 * attention.Heads * attention.HeadDim * Seen(attention, depth, tokens));
        return (_layers * tokens) + (_head * projected) + new Operations(0, attention);
    }

    /// <summary>Positions that the tokens see, summed over them; each sees itself.</summary>
    private static double Seen(Attention attention, int depth, int tokens)
    {
        double seen = 0;
        for (var token = 0; token < tokens; token++)
            seen += Math.Min(depth + token + 1, attention.Visible.Window ?? int.MaxValue);
        return seen;
    }

    private static IEnumerable<Linear> Linears(Mixer mixer) => mixer switch
    {
        Attention a => [a.Q, a.K, a.V, a.O],
        Mlp m => [.. m.Gate is null ? Array.Empty<Linear>() : [m.Gate], m.Up, m.Down],
        // a token passes some of the experts only
        Experts e => [e.Router, .. e.Each.Take(e.Active).SelectMany(Linears)],
        _ => throw new UnsupportedException($"The work of a {mixer.GetType().Name} part cannot be counted yet."),
    };
}
