// LoRA (arXiv 2106.09685), rank-stabilised (2312.03732), DoRA (2402.09353); reference: peft's LoraLayer and DoraLinearLayer.
// Unusual: DoRA's norm of the updated rows is a constant to the gradient, and under dropout its base product sees the dropped input.
using System.Text;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>A low-rank update of one stored matrix: W + scale · B · A, each row then stretched to a magnitude where there is one (DoRA).</summary>
public sealed class LowRank : IDisposable
{
    private readonly ulong _seed;

    /// <param name="module">The stored matrix' name without <c>.weight</c>.</param>
    /// <param name="a">[r, in] fp32; becomes its own.</param>
    /// <param name="b">[out, r] fp32; becomes its own.</param>
    /// <param name="magnitude">[out] fp32, or null without DoRA; becomes its own.</param>
    /// <param name="scale">α/r, or α/√r.</param>
    /// <param name="dropout">The share of inputs of A that are dropped in training.</param>
    internal LowRank(string module, Tensor a, Tensor b, Tensor? magnitude, double scale, double dropout)
    {
        (Module, Scale, Dropout) = (module, scale, dropout);
        (A, B, Magnitude) = (Own(a), Own(b), magnitude is null ? null : Own(magnitude));
        _seed = Hash(module);
    }

    /// <summary>The stored matrix' name without <c>.weight</c>.</summary>
    public string Module { get; }

    /// <summary>What B · A is multiplied with.</summary>
    public double Scale { get; }

    /// <summary>The share of inputs of A that are dropped in training.</summary>
    public double Dropout { get; }

    /// <summary>[r, in] fp32; belongs to the adapter.</summary>
    public Tensor A { get; }

    /// <summary>[out, r] fp32; belongs to the adapter.</summary>
    public Tensor B { get; }

    /// <summary>DoRA's lengths of rows [out]; null without.</summary>
    public Tensor? Magnitude { get; }

    /// <summary>What is trained, by peft's names within the adapter of a module.</summary>
    public IEnumerable<(string Name, Tensor Value)> Trained =>
        [("lora_A.weight", A), ("lora_B.weight", B), .. Magnitude is null ? [] : ((string, Tensor)[])[("lora_magnitude_vector", Magnitude)]];

    /// <summary>The product with the update.</summary>
    /// <param name="x">[N, in] in the type of the pass.</param>
    /// <param name="w">The rows of the matrix that are meant [out, in].</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="part">Takes the same rows of anything as high as the matrix.</param>
    /// <param name="pass">Type and seed.</param>
    /// <param name="again">Makes W where it is null: numbers that are not kept between the directions.</param>
    internal Tensor Forward(Tensor x, Tensor? w, Tensor? bias, Func<Tensor, Tensor> part, Pass pass, Func<Tensor>? again = null)
    {
        using var scope = NewDisposeScope();
        var type = pass.Compute;
        var input = pass.IsTraining && Dropout > 0 ? Drop(x, pass.Seed) : x;
        var b = part(B);
        if (Magnitude is null && ReferenceEquals(input, x) && w?.requires_grad != true)
            return Plain(x, w, bias, A.to(type), b.to(type), again).MoveToOuterDisposeScope();
        var update = nn.functional.linear(nn.functional.linear(input, A.to(type)), b.to(type)).mul(Scale);
        if (Magnitude is null)
            return Functions.FrozenLinear.Product(x, w, again, bias).add_(update).MoveToOuterDisposeScope();
        var stretch = (part(Magnitude) / Norms(w ?? again!(), b)).to(type);
        var plain = Functions.FrozenLinear.Product(x, w, again, null);
        var seen = ReferenceEquals(input, x) ? plain : Functions.FrozenLinear.Product(input, w, again, null);
        var y = plain + ((stretch - 1) * seen) + (stretch * update);
        return (bias is null ? y : y + bias).MoveToOuterDisposeScope();
    }

    // x is kept for A's gradient alone, and the update is added where the product lies: nothing as wide as the output is made but the output
    private Tensor Plain(Tensor x, Tensor? w, Tensor? bias, Tensor a, Tensor b, Func<Tensor>? again) =>
        again is null
            ? nn.functional.linear(x, w!, bias).addmm_(nn.functional.linear(x, a), b.t(), 1, (float)Scale)
            : Functions.LowRankLinear.Apply(x, again, bias, a, b, Scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        Magnitude?.Dispose();
    }

    private Tensor Norms(Tensor w, Tensor b)
    {
        using var none = no_grad();
        return (w.to(ScalarType.Float32) + Ops.MatMul(b, A).mul(Scale)).square().sum([1]).sqrt();
    }

    private Tensor Drop(Tensor x, ulong seed)
    {
        random.manual_seed(unchecked((long)(seed ^ _seed)));
        return nn.functional.dropout(x, Dropout, training: true);
    }

    private static Tensor Own(Tensor value)
    {
        var own = value.DetachFromDisposeScope();
        own.requires_grad = true;
        return own;
    }

    // FNV-1a: the same on every machine
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}
