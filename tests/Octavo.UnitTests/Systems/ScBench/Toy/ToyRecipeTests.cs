using Octavo.Core;
using Octavo.Engine;
using Octavo.Systems.ScBench.Toy;
using Octavo.TestKit;
using Octavo.UnitTests.Nn;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Toy;

public class ToyRecipeTests : TensorTest
{
    [Fact]
    public void Run_FewSteps_WritesTheSameModelAgainAndTheEngineReadsIt()
    {
        using var folder = new TemporaryFolder();
        List<ToyStep> steps = [];
        ToyConfig Config(string name, long seed) => new() { OutputDir = folder.File(name), Seed = seed, MaxTrainSteps = 12, WarmupSteps = 2, BatchSize = 4 };
        var outcome = ToyRecipe.Run(Config("a", 5), steps.Add, TestContext.Current.CancellationToken);
        ToyRecipe.Run(Config("b", 5), null, TestContext.Current.CancellationToken);
        ToyRecipe.Run(Config("c", 6), null, TestContext.Current.CancellationToken);
        byte[] Weights(string name) => File.ReadAllBytes(Path.Combine(folder.File(name), "model.safetensors"));
        Weights("b").ShouldBe(Weights("a"));
        Weights("c").ShouldNotBe(Weights("a"));
        (outcome.Steps, outcome.Pairs, steps.Count).ShouldBe((12, 4, 12));
        // less than knowing nothing at all, which costs ln 131
        steps[^1].Loss.ShouldBeLessThan(steps[0].Loss);
        File.ReadAllText(Path.Combine(folder.File("a"), "README.md")).ShouldContain("seed 5");
        using var model = LanguageModel.Load(folder.File("a"));
        using var session = model.NewSession();
        session.Forward([ToyVocabulary.Begin, ToyVocabulary.Key(3)]).Length.ShouldBe(ToyVocabulary.Size);
    }

    [Fact]
    public void Run_Cancelled_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var config = new ToyConfig { OutputDir = folder.File("out"), MaxTrainSteps = 50, BatchSize = 2 };
        Should.Throw<OperationCanceledException>(() => ToyRecipe.Run(config, step => source.Cancel(), source.Token));
        Directory.Exists(config.OutputDir).ShouldBeFalse();
    }

    [Fact]
    public void Draw_Batch_PredictsBothWordsOfEachAnswer()
    {
        var batch = ToyBatch.Draw(new SeededRandom(3), sequences: 3, pairs: 5, queries: 8);
        // 5 keys can be asked for once each: 1 + 15 + 20 tokens
        batch.Tokens.Lengths.ShouldBe([36, 36, 36]);
        batch.Targets.Length.ShouldBe(3 * 5 * 2);
        for (var i = 0; i < batch.Targets.Length; i++)
            batch.Tokens.Ids[batch.Predicting[i] + 1].ShouldBe(batch.Targets[i]);
        for (var i = 0; i < batch.Targets.Length; i += 2)
        {
            var place = batch.Predicting[i];
            batch.Tokens.Ids[place - 1].ShouldBe(ToyVocabulary.Question);
            // the triple stands in the sequence's context
            var context = batch.Tokens.Ids.Skip(place / 36 * 36).Take(16).ToList();
            var key = context.IndexOf(batch.Tokens.Ids[place]);
            context[(key + 1)..(key + 3)].ShouldBe(batch.Targets[i..(i + 2)]);
        }
    }

    [Fact]
    public void Accuracy_Losses_CountsAnswersWithBothWords() =>
        ToyBatch.Accuracy([0.1f, 0.1f, 0.1f, 0.8f, 0.8f, 0.1f, 0.69f, 0.69f]).ShouldBe(0.5);
}
