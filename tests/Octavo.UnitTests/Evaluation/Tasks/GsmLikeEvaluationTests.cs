using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Tasks;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Tasks;

public class GsmLikeEvaluationTests
{
    [Theory]
    [InlineData("It is {0}.\n#### {0}", 1, 1)]
    [InlineData("The answer is {0}", 0, 1)]
    [InlineData("#### {0}1", 0, 0)]
    [InlineData("", 0, 0)]
    public void Judge_Answers_GivesStrictAndFlexibleScores(string answer, double strict, double flexible)
    {
        var sample = new GsmLikeEvaluation(2).Samples("test", 1, 1).Single();
        var text = answer.Replace("{0}", sample.Gold);
        var judgement = sample.Judge([new GeneratedResult(5, text, Stopped: true)]);
        judgement.Scores["exact_match"].ShouldBe(strict);
        judgement.Scores["flexible"].ShouldBe(flexible);
        judgement.Output.ShouldBe(text);
    }
}
