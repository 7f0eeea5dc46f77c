using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Requests;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Requests;

public class EngineRunnerTests(BundledModelFixture bundled) : IClassFixture<BundledModelFixture>
{
    [Fact]
    public void Run_BatchOfOneAndOfEight_GiveTheSameResults()
    {
        List<EvaluationRequest> requests =
        [
            .. new GsmLike().Generate(4, "test", 6).Select(row => new GenerateRequest(EvaluationPrompt.Chat(row.Question), 24)),
            .. new ArcLike().Generate(4, "test", 1).SelectMany(row => row.Choices!.Select(choice => new LikelihoodRequest(EvaluationPrompt.Chat(row.Question), choice))),
        ];
        var (one, eight) = (Results(requests, 1), Results(requests, 8));
        eight.ShouldBe(one);
        one.OfType<GeneratedResult>().ShouldAllBe(result => result.Text.Length > 0 && result.Tokens <= 24);
    }

    [Fact]
    public void Run_Likelihood_IsTheDifferenceOfTwoWholeTexts()
    {
        const string Context = "The capital of France is";
        const string Continuation = " a city that is called Paris.";
        var result = (LikelihoodResult)Results([new LikelihoodRequest(EvaluationPrompt.OfText(Context), Continuation)], 1)[0];
        var whole = (LikelihoodResult)Results([new RollingRequest(Context + Continuation)], 1)[0];
        var beginning = (LikelihoodResult)Results([new RollingRequest(Context)], 1)[0];
        result.LogLikelihood.ShouldBe(whole.LogLikelihood - beginning.LogLikelihood, 1e-3);
        result.Tokens.ShouldBe(whole.Tokens - beginning.Tokens);
    }

    [Fact]
    public void Run_ChoicesOfOnePrompt_DoNotDependOnTheirOrder()
    {
        var prompt = EvaluationPrompt.OfText("Question: Which tool measures how heavy a rock is?\nAnswer:");
        string[] choices = [" a ruler", " a balance", " a clock that is rather long"];
        var forwards = Results([.. choices.Select(choice => new LikelihoodRequest(prompt, choice))], 1);
        var backwards = Results([.. choices.Reverse().Select(choice => new LikelihoodRequest(prompt, choice))], 1);
        backwards.Reverse();
        backwards.ShouldBe(forwards);
    }

    private List<RequestResult> Results(List<EvaluationRequest> requests, int batchSize)
    {
        var results = new RequestResult[requests.Count];
        foreach (var (index, result) in new EngineRunner(bundled.Model, batchSize).Run(requests, default))
            results[index] = result;
        return [.. results];
    }
}
