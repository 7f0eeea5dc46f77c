using Octavo.TestKit;
using Shouldly;

namespace Octavo.ParityTests;

public class CheckTests
{
    [Fact]
    public void Proofs_OfTheSystems_AreThere() => SystemChecks.Missing(typeof(CheckTests).Assembly).ShouldBeEmpty();
}
