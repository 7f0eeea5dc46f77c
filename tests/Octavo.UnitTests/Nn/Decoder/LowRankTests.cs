using Octavo.Nn.Decoder;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Decoder;

/// <summary>An adapter's product beside that of the matrix that it stands for.</summary>
public class LowRankTests : TensorTest
{
    private const int In = 12, Out = 10, Rank = 3;
    private const double Scale = 0.75;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_IsTheProductOfTheMergedMatrix(bool hasMagnitudes)
    {
        using var scope = NewDisposeScope();
        var (w, x, bias) = (Draw(1, Out, In), Draw(2, 5, In), Draw(3, Out));
        using var adapter = New(hasMagnitudes);
        using var pass = new Pass(TokenRows.Of(0), ScalarType.Float32, 0, _ => throw new NotSupportedException());
        var y = adapter.Forward(x, w, bias, whole => whole, pass);

        var merged = w + (adapter.B.detach().mm(adapter.A.detach()) * Scale);
        if (adapter.Magnitude is { } lengths)
            merged = merged * (lengths.detach() / merged.square().sum([1]).sqrt()).unsqueeze(1);
        Difference(y, nn.functional.linear(x, merged, bias)).ShouldBeLessThan(1e-5);
    }

    // DoRA: the norm of the merged rows is a constant to the gradient, so the one of the magnitude is what a row gives over its length
    [Fact]
    public void Forward_Magnitudes_HaveTheGradientOfTheirRows()
    {
        using var scope = NewDisposeScope();
        var (w, x) = (Draw(1, Out, In), Draw(2, 5, In));
        using var adapter = New(hasMagnitudes: true);
        using var pass = new Pass(TokenRows.Of(0), ScalarType.Float32, 0, _ => throw new NotSupportedException());
        var slope = Draw(9, 5, Out);
        adapter.Forward(x, w, null, whole => whole, pass).backward([slope]);

        var (a, b, m) = (Leaf(adapter.A), Leaf(adapter.B), Leaf(adapter.Magnitude!));
        var norms = (w + (b.detach().mm(a.detach()) * Scale)).square().sum([1]).sqrt();
        nn.functional.linear(x, (w + (b.mm(a) * Scale)) * (m / norms).unsqueeze(1)).backward([slope]);
        Difference(adapter.Magnitude!.grad!, m.grad!).ShouldBeLessThan(1e-4);
        Difference(adapter.A.grad!, a.grad!).ShouldBeLessThan(1e-4);
        Difference(adapter.B.grad!, b.grad!).ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Forward_UnderDropout_DropsTheInputsOfTheUpdateAloneAndScalesTheRest()
    {
        using var scope = NewDisposeScope();
        var (w, x) = (zeros(Out, In), ones(20000, In));
        using var adapter = New(hasMagnitudes: false, dropout: 0.25);
        using var pass = new Pass(TokenRows.Of(0), ScalarType.Float32, 5, _ => throw new NotSupportedException()) { IsTraining = true };
        var y = adapter.Forward(x, w, null, whole => whole, pass);
        var kept = nn.functional.linear(ones(1, In), adapter.B.detach().mm(adapter.A.detach()) * Scale);
        Difference(y.mean([0]), kept[0]).ShouldBeLessThan(0.1);
        (y - y.mean([0])).square().mean([0]).min().item<float>().ShouldBeGreaterThan(0.01f);
        // twice the same pass draws alike, another pass and another matrix do not
        Difference(adapter.Forward(x, w, null, whole => whole, pass), y).ShouldBe(0);
        using var later = new Pass(TokenRows.Of(0), ScalarType.Float32, 6, _ => throw new NotSupportedException()) { IsTraining = true };
        Difference(adapter.Forward(x, w, null, whole => whole, later), y).ShouldBeGreaterThan(0.1);
        using var other = New(hasMagnitudes: false, dropout: 0.25, module: "n");
        Difference(other.Forward(x, w, null, whole => whole, pass), y).ShouldBeGreaterThan(0.1);
    }

    private static LowRank New(bool hasMagnitudes, double dropout = 0, string module = "m") => new(
        module, Draw(4, Rank, In), Draw(5, Out, Rank), hasMagnitudes ? Draw(6, Out).abs() + 0.5 : null, Scale, dropout);
}
