using Shouldly;
using TorchSharp;

namespace Octavo.UnitTests.Nn;

public class TensorTestTests : TensorTest
{
    [Fact]
    public void Sum_OfOnes_IsTheirNumberAndLeavesNothing()
    {
        using var scope = torch.NewDisposeScope();
        torch.ones(2, 3).sum().item<float>().ShouldBe(6);
        torch.get_num_interop_threads().ShouldBe(1);
        torch.get_num_threads().ShouldBe(2);
    }

    [Fact]
    public void Check_ATensorThatIsStillAlive_Fails()
    {
        using (torch.ones(1))
            Should.Throw<ShouldAssertException>(CheckTensors).Message.ShouldContain("still alive");
        CheckTensors();
    }

    [Fact]
    public void Check_ATensorOfADisposedScope_Passes()
    {
        using (torch.NewDisposeScope())
            _ = torch.ones(4) + torch.ones(4);
        CheckTensors();
    }
}
