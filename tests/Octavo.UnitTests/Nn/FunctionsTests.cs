using Octavo.Core;
using Octavo.Nn.Functions;
using Octavo.Nn.Kernels;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn;

/// <summary>Each function of ours beside the same in libtorch's own operations: values and gradients.</summary>
public class FunctionsTests : TensorTest
{
    [Theory]
    [InlineData(3, 32)]
    [InlineData(7, 19)]
    [InlineData(64, 576)]
    public void RmsNorm_LikeOperations(int rows, int width)
    {
        using var scope = NewDisposeScope();
        Compare(
            [Draw(1, rows, width), Draw(2, width)],
            x => RmsNorm.Apply(x[0], x[1], 1e-5f, ScalarType.Float32),
            x => x[0] * (x[0].square().mean([-1], keepdim: true) + 1e-5).rsqrt() * x[1]);
    }

    [Theory]
    [InlineData(3, 32)]
    [InlineData(5, 21)]
    public void SwiGlu_LikeOperations(int rows, int width)
    {
        using var scope = NewDisposeScope();
        Compare([Draw(1, rows, width), Draw(2, rows, width)], x => SwiGlu.Apply(x[0], x[1]), x => nn.functional.silu(x[0]) * x[1]);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(64, 64)]
    [InlineData(12, 6)]
    public void RotaryHalves_LikeOperations(int width, int dims)
    {
        using var scope = NewDisposeScope();
        var angle = Draw(3, 5, 1, dims / 2);
        var (cos, sin) = (angle.cos(), angle.sin());
        Compare([Draw(1, 5, 3, width)], x => RotaryHalves.Apply(x[0], cos, sin), x =>
        {
            var (a, b) = (x[0].narrow(2, 0, dims / 2), x[0].narrow(2, dims / 2, dims / 2));
            return cat([(a * cos) - (b * sin), (b * cos) + (a * sin), x[0].narrow(2, dims, width - dims)], 2);
        });
    }

    [Fact]
    public void LowRankLinear_LikeOperations()
    {
        using var scope = NewDisposeScope();
        var (w, bias) = (Draw(9, 24, 16), Draw(8, 24));
        Compare([Draw(1, 7, 16), Draw(2, 4, 16), Draw(3, 24, 4)],
            x => LowRankLinear.Apply(x[0], w.clone, bias, x[1], x[2], 0.75),
            x => nn.functional.linear(x[0], w, bias) + (nn.functional.linear(nn.functional.linear(x[0], x[1]), x[2]) * 0.75));
    }

    [Theory]
    // heads, key heads, width, cap, window, causal, lengths
    [InlineData(1, 1, 16, 0, null, true, new[] { 5 })]
    [InlineData(4, 2, 8, 0, null, true, new[] { 1, 70, 3 })]
    [InlineData(6, 2, 64, 0, null, true, new[] { 130, 64 })]
    [InlineData(3, 1, 20, 0, 9, true, new[] { 100, 7 })]
    [InlineData(2, 2, 32, 0, 70, true, new[] { 200 })]
    [InlineData(2, 1, 12, 2.5f, null, true, new[] { 67 })]
    [InlineData(2, 1, 16, 2.5f, 5, true, new[] { 81 })]
    [InlineData(2, 2, 16, 0, null, false, new[] { 90, 2 })]
    public void FusedAttention_LikeOperations(int heads, int kvHeads, int width, float cap, int? window, bool isCausal, int[] lengths)
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(heads, kvHeads, width, 0.3f, cap, window ?? int.MaxValue, isCausal);
        var count = lengths.Sum();
        Compare([Draw(1, count, heads, width), Draw(2, count, kvHeads, width), Draw(3, count, kvHeads, width)],
            x => FusedAttention.Apply(x[0], x[1], x[2], shape, lengths),
            x => cat([.. Sequences(lengths).Select(at => Attention(shape, [.. x.Select(part => part.narrow(0, at.Start, at.Length))]))], 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void FusedAttention_AnyThreads_SameBits(int threads)
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(6, 2, 24, 0.2f, 0, int.MaxValue, true);
        List<Tensor> Results()
        {
            var leaves = Leaves([Draw(1, 150, 6, 24), Draw(2, 150, 2, 24), Draw(3, 150, 2, 24)]);
            var y = FusedAttention.Apply(leaves[0], leaves[1], leaves[2], shape, [100, 50]);
            y.backward([Draw(4, 150, 6, 24)]);
            return [y, .. leaves.Select(leaf => leaf.grad!)];
        }
        var before = get_num_threads();
        try
        {
            set_num_threads(2);
            var expected = Results();
            set_num_threads(threads);
            Results().Zip(expected).ShouldAllBe(pair => Difference(pair.First, pair.Second) == 0);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void FusedAttention_InBf16_IsThatOfTheRoundedNumbers()
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(4, 2, 16, 0.25f, 0, int.MaxValue, true);
        Tensor[] inputs = [.. ((Tensor[])[Draw(1, 80, 4, 16), Draw(2, 80, 2, 16), Draw(3, 80, 2, 16)]).Select(x => x.to(ScalarType.BFloat16))];
        var exact = FusedAttention.Apply(inputs[0].to(ScalarType.Float32), inputs[1].to(ScalarType.Float32), inputs[2].to(ScalarType.Float32), shape, [80]);
        var rounded = FusedAttention.Apply(inputs[0], inputs[1], inputs[2], shape, [80]);
        rounded.dtype.ShouldBe(ScalarType.BFloat16);
        Difference(rounded, exact.to(ScalarType.BFloat16)).ShouldBe(0);
    }

    [Theory]
    [InlineData(0, int.MaxValue)]
    [InlineData(2.5f, 20)]
    public void FusedAttention_InBf16_HasTheGradientsOfTheRoundedNumbers(float cap, int window)
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(4, 2, 20, 0.25f, cap, window, true);
        Tensor[] inputs = [.. ((Tensor[])[Draw(1, 90, 4, 20), Draw(2, 90, 2, 20), Draw(3, 90, 2, 20)]).Select(x => x.to(ScalarType.BFloat16))];
        var slope = Draw(4, 90, 4, 20).to(ScalarType.BFloat16);
        var (halves, wide) = (Leaves(inputs), Leaves([.. inputs.Select(x => x.to(ScalarType.Float32))]));
        FusedAttention.Apply(halves[0], halves[1], halves[2], shape, [70, 20]).backward([slope]);
        FusedAttention.Apply(wide[0], wide[1], wide[2], shape, [70, 20]).backward([slope.to(ScalarType.Float32)]);
        for (var i = 0; i < 3; i++)
        {
            halves[i].grad!.dtype.ShouldBe(ScalarType.BFloat16);
            // the result is rounded before the backward pass uses it
            Difference(halves[i].grad!.to(ScalarType.Float32), wide[i].grad!).ShouldBeLessThan(0.02 * wide[i].grad!.abs().max().item<float>());
        }
    }

    [Fact]
    public void FusedAttention_ShapesThatDoNotFit_AreRefused()
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(2, 1, 16, 1, 0, int.MaxValue, true);
        var (q, k) = (Draw(1, 5, 2, 16), Draw(2, 5, 1, 16));
        Should.Throw<ShapeException>(() => FusedAttention.Apply(q, q, k, shape, [5]));
        Should.Throw<ShapeException>(() => FusedAttention.Apply(q, k, k, shape, [4]));
        Should.Throw<ShapeException>(() => FusedAttention.Apply(q, k.to(ScalarType.BFloat16), k, shape, [5]));
    }

    [Fact]
    public void FusedAttention_WindowThatSeesTheFuture_IsRefused()
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(1, 1, 16, 1, 0, 4, false);
        Should.Throw<UnsupportedException>(() => FusedAttention.Apply(Draw(1, 5, 1, 16), Draw(2, 5, 1, 16), Draw(3, 5, 1, 16), shape, [5]));
    }

    // scores, mask, softmax, product, one step after the other
    private static Tensor Attention(AttentionShape shape, Tensor[] x)
    {
        var (group, length) = (shape.Heads / shape.KvHeads, x[0].shape[0]);
        var (q, k, v) = (x[0].transpose(0, 1), x[1].repeat_interleave(group, 1).transpose(0, 1), x[2].repeat_interleave(group, 1).transpose(0, 1));
        var scores = q.bmm(k.transpose(1, 2)) * shape.Scale;
        if (shape.Softcap != 0)
            scores = (scores / shape.Softcap).tanh() * shape.Softcap;
        var ahead = arange(length).unsqueeze(1) - arange(length).unsqueeze(0);
        var hidden = (ahead.lt(0).logical_and(shape.IsCausal ? tensor(true) : tensor(false))).logical_or(ahead.ge(shape.Window));
        return scores.masked_fill(hidden, float.NegativeInfinity).softmax(-1).bmm(v).transpose(0, 1);
    }

    private static IEnumerable<(int Start, int Length)> Sequences(int[] lengths)
    {
        var start = 0;
        foreach (var length in lengths)
        {
            yield return (start, length);
            start += length;
        }
    }

    [Fact]
    public void FrozenLinear_LikeOperations()
    {
        using var scope = NewDisposeScope();
        var (w, bias) = (Draw(9, 24, 16), Draw(8, 24));
        Compare([Draw(1, 7, 16)], x => FrozenLinear.Apply(x[0], w.clone, bias), x => nn.functional.linear(x[0], w, bias));
    }

    [Fact]
    public void Functions_InBf16_AreRoundedOnce()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (Draw(1, 9, 40), Draw(2, 40));
        var exact = RmsNorm.Apply(x, w, 1e-5f, ScalarType.Float32);
        var rounded = RmsNorm.Apply(x, w, 1e-5f, ScalarType.BFloat16);
        rounded.dtype.ShouldBe(ScalarType.BFloat16);
        Difference(rounded, exact.to(ScalarType.BFloat16)).ShouldBe(0);
        var (gate, up) = (Draw(3, 9, 40).to(ScalarType.BFloat16), Draw(4, 9, 40).to(ScalarType.BFloat16));
        var wide = SwiGlu.Apply(gate.to(ScalarType.Float32), up.to(ScalarType.Float32)).to(ScalarType.BFloat16);
        Difference(SwiGlu.Apply(gate, up), wide).ShouldBe(0);
    }

    private static void Compare(Tensor[] inputs, Func<Tensor[], Tensor> own, Func<Tensor[], Tensor> plain)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Leaves(inputs), Leaves(inputs));
        var (y, z) = (own(a), plain(b));
        var gradient = Draw(77, [.. z.shape.Select(size => (int)size)]);
        y.backward([gradient]);
        z.backward([gradient]);
        Difference(y, z).ShouldBeLessThan(2e-5);
        for (var i = 0; i < inputs.Length; i++)
            Difference(a[i].grad!, b[i].grad!).ShouldBeLessThan(5e-5, $"gradient {i}");
    }

    private static Tensor[] Leaves(Tensor[] inputs) => [.. inputs.Select(Leaf)];
}
