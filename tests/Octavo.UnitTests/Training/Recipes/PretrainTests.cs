using Octavo.Models;
using Octavo.TestKit;
using Octavo.Training.Recipes;
using Octavo.UnitTests.Nn;
using Shouldly;

namespace Octavo.UnitTests.Training.Recipes;

public class PretrainTests : TensorTest
{
    [Fact]
    public void Run_FolderOfTexts_LearnsFromAModelThatKnewNothing()
    {
        using var folder = new TemporaryFolder();
        var config = new TinyRun(folder.Path).Texts("out");
        List<double> losses = [];
        var outcome = TinyRun.Run(host => Pretrain.Run(config, host), losses: losses);
        // nothing is known at first: each of 259 tokens is as likely
        losses[0].ShouldBe(Math.Log(259), 0.3);
        losses[^1].ShouldBeLessThan(losses[0] - 1);
        using var trained = Checkpoint.Open(outcome.Model!);
        trained.Model.VocabularySize.ShouldBe(259);
    }
}
