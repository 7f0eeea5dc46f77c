using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

public class CheckTests
{
    [Fact]
    public void Proofs_OfTheSystems_AreThere() => SystemChecks.Missing(typeof(CheckTests).Assembly).ShouldBeEmpty();
}
