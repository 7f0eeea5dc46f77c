namespace Octavo.UnitTests;

public class ArrowTests
{
    [Fact]
    public void Placeholder() => Assert.True(true);
}
