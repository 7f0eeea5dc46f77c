using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.TestKit;
using Octavo.Training.Recipes;
using Shouldly;

namespace Octavo.UnitTests.Training.Recipes;

public class TrainingMemoryTests
{
    [Fact]
    public void Estimate_OfABaseInFourBits_CountsAFewMatricesThatAreTurnedNotAll()
    {
        var model = Architectures.Describe(Repository.At("golden", "decoders", "llama", "config.json"));
        TrainingMemory Of(NumberType frozen) => TrainingMemory.Estimate(model, new DecoderOptions { TrainWeights = false, Compute = NumberType.Bf16, Frozen = frozen }, 1000, 100);
        var matrix = ModelListing.Keys(model).Where(key => key.Name.Contains("_proj", StringComparison.Ordinal)).Max(key => (long)key.Shape[0] * key.Shape[1]);
        // of fp32 and of bf16, each four times
        (Bytes(Of(NumberType.Nf4), "activations") - Bytes(Of(NumberType.Bf16), "activations")).ShouldBe(matrix * 6 * 4);
        Bytes(Of(NumberType.Nf4), "weights").ShouldBeLessThan(Bytes(Of(NumberType.Bf16), "weights"));

        static long Bytes(TrainingMemory memory, string part) => memory.Parts.Single(one => one.Name == part).Bytes;
    }

    [Fact]
    public void Estimate_WithoutMasters_HalvesWeightsAndGradientsAndKeepsTheMoments()
    {
        var model = Architectures.Describe(Repository.At("golden", "decoders", "llama", "config.json"));
        var parameters = ModelListing.ParameterCount(model);
        var masters = Parts(new DecoderOptions { Compute = NumberType.Bf16 });
        var bare = Parts(new DecoderOptions { Compute = NumberType.Bf16, Trained = NumberType.Bf16 });
        (masters["weights"], bare["weights"]).ShouldBe((parameters * 4, parameters * 2));
        (masters["gradients"], bare["gradients"]).ShouldBe((parameters * 4, parameters * 2));
        (masters["optimizer"], bare["optimizer"]).ShouldBe((parameters * 8, parameters * 8));
        // nor is there a second copy to multiply with
        bare["activations"].ShouldBeLessThan(masters["activations"]);

        Dictionary<string, long> Parts(DecoderOptions options) =>
            TrainingMemory.Estimate(model, options, parameters, 100).Parts.ToDictionary(part => part.Name, part => part.Bytes);
    }
}
