namespace Octavo.EndToEndTests;

public class ArrowTests
{
    [Fact]
    public void Placeholder() => Assert.True(true);
}
