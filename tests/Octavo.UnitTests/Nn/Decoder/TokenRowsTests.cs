using Octavo.Nn.Decoder;
using Shouldly;

namespace Octavo.UnitTests.Nn.Decoder;

public class TokenRowsTests
{
    [Fact]
    public void Filled_ShortSequences_AreFollowedByNoneThatIsLonger()
    {
        var rows = new TokenRows([1, 2, 3, 4, 5], [3, 2]).Filled(16);
        rows.Count.ShouldBe(16);
        rows.Lengths.ShouldBe([3, 2, 3, 3, 3, 2]);
        rows.Ids.Take(5).ShouldBe([1, 2, 3, 4, 5]);
        rows.Ids.Skip(5).ShouldAllBe(id => id == 0);
    }

    [Fact]
    public void Filled_AMultiple_IsTheSame()
    {
        var rows = new TokenRows([1, 2, 3, 4], [4]);
        rows.Filled(4).ShouldBeSameAs(rows);
        Should.Throw<ArgumentOutOfRangeException>(() => rows.Filled(0));
    }
}
