using Octavo.Evaluation.Verifiers;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Verifiers;

public class AnswerExtractionTests
{
    [Theory]
    [InlineData("So the answer is 1,234.", "1234", true)]
    [InlineData("x = -5", "-5", false)]
    [InlineData("x = -5", "5", true)]
    [InlineData("It is 3.50", "3.5", false)]
    [InlineData("12,345,678", "12345678", true)]
    [InlineData("1.5.", "1.5", true)]
    [InlineData("no digits", "no digits", true)]
    public void Rlvr_PublishedCases_KeepItsFaults(string answer, string gold, bool isRight) =>
        (AnswerExtraction.Rlvr(answer) == gold).ShouldBe(isRight);

    [Theory]
    [InlineData("7 + 5 = 12.\n#### 12", "12", "12")]
    [InlineData("#### 9 and then #### 10", "9", "10")]
    [InlineData("#### -7", "-7", "-7")]
    [InlineData("the result is 42", "[invalid]", "42")]
    [InlineData("none", "[invalid]", "[invalid]")]
    public void StrictAndFlexible_Answers_GiveFirstMarkedAndLastNumber(string answer, string strict, string flexible)
    {
        AnswerExtraction.Strict(answer).ShouldBe(strict);
        AnswerExtraction.Flexible(answer).ShouldBe(flexible);
    }

    [Theory]
    [InlineData("1,000", "1000", true)]
    [InlineData("$18.", "18", true)]
    [InlineData("18.0", "18", false)]
    public void ExactMatch_Gsm8k_LeavesOutSignsOfMoneyAndThousands(string prediction, string gold, bool isRight) =>
        ExactMatch.Gsm8k.Holds(prediction, gold).ShouldBe(isRight);
}
