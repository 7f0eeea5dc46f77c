using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Tasks;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Tasks;

public class ChoiceEvaluationTests
{
    [Fact]
    public void Judge_LongChoice_WinsByCharacterOnly()
    {
        // by hand: -4.0 is the larger sum; -5.0 / 10 = -0.5 beats -4.0 / 2 = -2
        var judgement = ChoiceEvaluation.Judge([-4.0, -5.0, -30.0], ["no", "0123456789", "x"], gold: 1);
        judgement.Scores["acc"].ShouldBe(0);
        judgement.Scores["acc_norm"].ShouldBe(1);
        judgement.Output.ShouldBe("0123456789");
        judgement.Extracted.ShouldBe("no");
    }

    [Fact]
    public void Judge_EqualSums_TakeTheFirst() =>
        ChoiceEvaluation.Judge([-1.0, -1.0], ["aa", "bb"], gold: 0).Scores["acc"].ShouldBe(1);

    [Fact]
    public void Samples_Question_AskForEachChoiceAfterTheSamePrompt()
    {
        var sample = new ChoiceEvaluation(new ArcLike()).Samples("test", 1, 3).Single();
        sample.Requests.Count.ShouldBe(4);
        var requests = sample.Requests.Cast<LikelihoodRequest>().ToList();
        requests.Select(request => request.Prompt.Text).Distinct().ShouldHaveSingleItem();
        var sums = requests.Select(request => (RequestResult)new LikelihoodResult(1, request.Continuation == sample.Gold ? -1 : -20)).ToList();
        sample.Judge(sums).Scores.Values.ShouldAllBe(score => score == 1);
    }
}
