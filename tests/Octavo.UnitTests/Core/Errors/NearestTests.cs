using Octavo.Core;
using Shouldly;

namespace Octavo.UnitTests.Core.Errors;

public class NearestTests
{
    private static readonly string[] _known = ["chat", "generate", "tokenize", "template"];

    [Theory]
    [InlineData("chat", "chat")]
    [InlineData("caht", "chat")]
    [InlineData("chatt", "chat")]
    [InlineData("CHAT", "chat")]
    [InlineData("generat", "generate")]
    [InlineData("templte", "template")]
    [InlineData("zebra", null)]
    [InlineData("", null)]
    public void To_Typed_GivesTheNearestIfItIsNear(string typed, string? expected) => Nearest.To(typed, _known).ShouldBe(expected);

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("Abc", "aBC", 0)]
    public void Distance_TwoTexts_CountsEdits(string a, string b, int expected)
    {
        Nearest.Distance(a, b).ShouldBe(expected);
        Nearest.Distance(b, a).ShouldBe(expected);
    }
}
