namespace Octavo.ParityTests;

public class ArrowTests
{
    [Fact]
    public void Placeholder() => Assert.True(true);
}
