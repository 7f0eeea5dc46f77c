using Octavo.Core;
using Octavo.Nn.Functions;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn;

public class BackwardPassTests : TensorTest
{
    [Fact]
    public void Run_FunctionThatThrows_ThrowsWhenThePassIsOver_AndTheNextPassRuns()
    {
        using var scope = NewDisposeScope();
        var (x, w, isBroken) = (Leaf(Draw(1, 4, 8)), Draw(2, 6, 8), false);
        Tensor Make() => isBroken ? throw new ResourceException("no memory for W") : w.alias();
        Tensor Output() => FrozenLinear.Apply(RmsNorm.Apply(x, ones(8), 1e-5f, ScalarType.Float32), Make, null);

        var broken = Output();
        isBroken = true;
        Should.Throw<ResourceException>(() => BackwardPass.Run(broken, ones_like(broken))).Message.ShouldBe("no memory for W");

        isBroken = false;
        x.grad = null;
        var whole = Output();
        BackwardPass.Run(whole, ones_like(whole));
        x.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0);
    }
}
