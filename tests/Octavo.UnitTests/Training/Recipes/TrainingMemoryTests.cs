using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.TestKit;
using Octavo.Training.Recipes;
using Shouldly;

namespace Octavo.UnitTests.Training.Recipes;

public class TrainingMemoryTests
{
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
