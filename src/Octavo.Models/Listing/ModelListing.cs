namespace Octavo.Models;

/// <summary>What a description says about its weights, without any file.</summary>
public static class ModelListing
{
    /// <summary>Every parameter once, in the order in which it is used: names as a checkpoint has them, shapes slowest dimension first.</summary>
    /// <param name="model">A description.</param>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Shape)> Keys(TextModel model) =>
        [.. Parameters(model).Select(view => (view.Name, view.Shape))];

    /// <summary>How many numbers the parameters are; tied ones count once.</summary>
    /// <param name="model">A description.</param>
    public static long ParameterCount(TextModel model) => Parameters(model).Sum(Elements);

    /// <summary>Every parameter once.</summary>
    internal static IReadOnlyList<View> Parameters(TextModel model) => Once(model.Stacks.SelectMany(Of));

    /// <summary>Every stored tensor that the model reads, once: the parameters and the rotary divisors of a GGUF file.</summary>
    internal static IReadOnlyList<View> Stored(TextModel model) => Once([
        .. model.Stacks.SelectMany(Of),
        .. model.Stacks.SelectMany(stack => stack.Layers).SelectMany(layer => layer.Parts).SelectMany(FactorsOf)]);

    internal static long Elements(View view) => Elements(view.Shape);

    internal static long Elements(IReadOnlyList<int> shape) => shape.Aggregate(1L, (product, size) => checked(product * size));

    private static IEnumerable<View?> FactorsOf(Residual part) => (part.Mix as Attention)?.Order switch
    {
        { Scaling: LongRopeScaling scaling } => [scaling.StoredLong, scaling.StoredShort],
        { Factors: { } factors } => [factors],
        _ => [],
    };

    private static View[] Once(IEnumerable<View?> views)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. views.OfType<View>().Where(view => seen.Add(view.Name))];
    }

    private static IEnumerable<View?> Of(Stack stack) =>
    [
        stack.Input.Table,
        stack.Input.Positions,
        stack.Input.Types,
        .. Of(stack.Input.Norm),
        .. stack.Layers.SelectMany(layer => layer.Parts).SelectMany(Of),
        .. Of(stack.Final),
        .. stack.Heads.SelectMany(head => Of(head.Projection)),
    ];

    private static IEnumerable<View?> Of(Residual part) => [.. Of(part.Pre), .. Of(part.Mix), .. Of(part.Out), .. Of(part.Post)];

    private static IEnumerable<View?> Of(Mixer mixer) => mixer switch
    {
        Attention a => [.. Of(a.Q), .. Of(a.K), .. Of(a.V), a.QkNorm?.Q.W, a.QkNorm?.K.W, .. Of(a.O), a.Bias?.Table],
        Mlp m => [.. m.Gate is null ? [] : Of(m.Gate), .. Of(m.Up), .. Of(m.Down)],
        Experts e => [.. Of(e.Router), .. e.Each.SelectMany(Of)],
        _ => throw new Core.UnsupportedException($"{mixer.GetType().Name} cannot be listed yet."),
    };

    private static IEnumerable<View?> Of(Linear linear) => [linear.W, linear.B];

    private static IEnumerable<View?> Of(Norm? norm) => [norm?.W, norm?.B];
}
