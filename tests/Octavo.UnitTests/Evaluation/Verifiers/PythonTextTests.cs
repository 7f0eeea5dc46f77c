using Octavo.Evaluation.Verifiers;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Verifiers;

public class PythonTextTests
{
    [Theory]
    [InlineData("Straße", "STRASSE")]
    [InlineData("ﬁn", "FIN")]
    [InlineData("çay ı", "ÇAY I")]
    [InlineData("plain", "PLAIN")]
    public void Upper_LettersThatBecomeSeveral_AsInPython(string text, string upper) => PythonText.Upper(text).ShouldBe(upper);

    [Fact]
    public void Lower_DottedCapitalI_BecomesTwoCharacters() => PythonText.Lower("İX").ShouldBe("i\u0307x");

    [Fact]
    public void Split_Blanks_AreThoseOfPython() => PythonText.Split(" a\u001cb\u3000c\n").ShouldBe(["a", "b", "c"]);
}
