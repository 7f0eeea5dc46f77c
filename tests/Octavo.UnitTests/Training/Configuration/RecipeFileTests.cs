using Octavo.Systems.ScBench.Matrix;
using Octavo.Systems.ScBench.Toy;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

/// <summary>Every file of recipes/ is one that its recipe takes.</summary>
public class RecipeFileTests
{
    public static TheoryData<string> Files =>
    [
        .. Directory.EnumerateFiles(Repository.At("recipes"), "*.yaml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_FileOfTheRepository_IsRight(string name)
    {
        if (Path.GetFileNameWithoutExtension(name) == "matrix")
        {
            File.ReadAllText(Repository.At(name)).ShouldContain($"octavo scbench matrix -c {name}");
            ConfigReader.Read<MatrixConfig>(Repository.At(name)).OutputDir.ShouldStartWith(Repository.At("output") + "/");
            return;
        }
        var recipe = Path.GetFileNameWithoutExtension(name) == "toy" ? ToyConfig.Recipe : Path.GetFileName(name).Split('-')[0];
        // the command in its first lines is its own
        File.ReadAllText(Repository.At(name)).ShouldContain($"octavo train {recipe} -c {name}");
        if (recipe == ToyConfig.Recipe)
        {
            // what a clone trains is what it came with: nothing but the place differs from the defaults
            var toy = ConfigReader.Read<ToyConfig>(Repository.At(name));
            toy.ShouldBe(new ToyConfig { OutputDir = Repository.At("output", "scbench-toy") });
            return;
        }
        IRecipeConfig config = recipe switch
        {
            "sft" => ConfigReader.Read<SftConfig>(Repository.At(name)),
            "pretrain" => ConfigReader.Read<PretrainConfig>(Repository.At(name)),
            _ => throw new InvalidOperationException($"{name}: there is no recipe '{recipe}'."),
        };
        config.Shared.OutputDir.ShouldStartWith(Repository.At("output") + "/");
        var steps = config.Shared.MaxTrainSteps ?? 1000;
        config.Shared.Schedule.Create(config.Shared.Optimizer.LearningRate, steps).Total.ShouldBe(steps);
    }

    [Theory]
    [InlineData("1130", 9.0e-5, 8, 11.25, 234_836, 7045)]
    [InlineData("1207", 3.1e-6, 32, 0.097, 58_710, 1761)]
    public void Read_PaperRuns_HaveItsNumbers(string version, double rate, int batch, double ratio, long steps, long warmup)
    {
        const long Rows = 939_343;
        var config = ConfigReader.Read<SftConfig>(Repository.At("recipes", "smoltulu", $"sft-{version}.yaml"));
        var train = config.Train;
        (train.Optimizer.LearningRate, train.EffectiveBatch).ShouldBe((rate, batch));
        (train.Optimizer.LearningRate / train.EffectiveBatch * 1e6).ShouldBe(ratio, 0.0005);
        (train.NumTrainEpochs * ((Rows + batch - 1) / batch)).ShouldBe(steps);
        train.Schedule.Warmup(steps).ShouldBe(warmup);
        (train.MaxSeqLength, train.ReduceLoss, train.Seed, train.Optimizer.WeightDecay).ShouldBe((4096, LossReduction.Sum, 123L, 0.0));
        (config.Data.Packing, config.Adapter.UseLora, config.Model.ChatTemplateName).ShouldBe((false, false, "tulu"));
        config.Model.ModelNameOrPath.ShouldBe("HuggingFaceTB/SmolLM2-1.7B");
    }
}
