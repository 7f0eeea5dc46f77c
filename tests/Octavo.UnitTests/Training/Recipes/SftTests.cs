using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Octavo.UnitTests.Nn;
using Shouldly;

namespace Octavo.UnitTests.Training.Recipes;

public class SftTests : TensorTest
{
    [Theory]
    [InlineData("reduce_loss=sum")]
    [InlineData("packing=true")]
    [InlineData("dtype=bfloat16 master_weights=false")]
    [InlineData("use_lora=true lora_dropout=0.2 gradient_checkpointing=true")]
    public void Run_StoppedAndGoneOnWith_EqualsOneThatWasNot(string settings)
    {
        var sets = settings.Split(' ');
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        var whole = TinyRun.Run(run.Config("whole", sets));
        var parts = TinyRun.Run(run.Config("parts", sets), stopAfter: 1);
        parts.Model.ShouldBeNull();
        for (var i = 0; parts.Model is null && i < 100; i++)
            parts = TinyRun.Run(run.Config("parts", sets), stopAfter: 2);
        parts.Steps.ShouldBe(whole.Steps);
        parts.Tokens.ShouldBe(whole.Tokens);
        var last = $"checkpoint-{whole.Steps}";
        foreach (var file in Directory.GetFiles(Path.Combine(run.Output("whole"), last), "*.safetensors"))
        {
            var other = Path.Combine(run.Output("parts"), last, Path.GetFileName(file));
            File.ReadAllBytes(other).AsSpan().SequenceEqual(File.ReadAllBytes(file)).ShouldBeTrue(Path.GetFileName(file));
        }
    }

    [Fact]
    public void Run_Twice_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        var first = TinyRun.Run(run.Config("first"));
        TinyRun.Run(run.Config("second"));
        foreach (var file in Directory.GetFiles(Path.Combine(run.Output("first"), $"checkpoint-{first.Steps}"), "*.safetensors"))
        {
            var other = Path.Combine(run.Output("second"), $"checkpoint-{first.Steps}", Path.GetFileName(file));
            File.ReadAllBytes(other).AsSpan().SequenceEqual(File.ReadAllBytes(file)).ShouldBeTrue(Path.GetFileName(file));
        }
    }

    [Fact]
    public void Run_ToItsEnd_LearnsAndWritesAModelThatOpens()
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        List<double> losses = [];
        var outcome = TinyRun.Run(run.Config("out", "num_train_epochs=6", $"eval_file={run.Data}"), losses: losses);
        losses[^1].ShouldBeLessThan(losses[0] * 0.7);
        outcome.EvaluationLoss!.Value.ShouldBeLessThan(losses[0]);
        using var trained = Checkpoint.Open(outcome.Model!);
        trained.Model.Architecture.ShouldBe("LlamaForCausalLM");
        // it is asked with the template that it was trained with
        trained.ReadChatTemplate().ShouldBe(Octavo.Training.Data.Chats.BuiltInTemplates.Source("tulu"));
        using var saved = Checkpoint.Open(Path.Combine(run.Output("out"), $"checkpoint-{outcome.Steps}"));
        saved.Resolve(saved.Model.Stacks[0].Input.Table).Bytes(0, 400).SequenceEqual(trained.Resolve(trained.Model.Stacks[0].Input.Table).Bytes(0, 400)).ShouldBeTrue();
        File.Exists(Path.Combine(run.Output("out"), "report.html")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("8e-7", 1)]
    [InlineData("0.01", 0)]
    public void Run_WithoutMasters_WarnsOnceWhereStepsAreLostAndWritesBf16(string rate, int warnings)
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        string[] sets = ["dtype=bfloat16", "master_weights=false", "max_train_steps=3", $"learning_rate={rate}"];
        List<string> told = [];
        TinyRun.Run(run.Config("bare", sets), stopAfter: 1, told: told);
        told.Count(text => text.Contains("master_weights", StringComparison.Ordinal)).ShouldBe(warnings);
        var outcome = TinyRun.Run(run.Config("bare", sets));
        using var log = new RunReader(run.Output("bare"));
        log.Notes().Count(note => note.Kind == RunNote.Warning && note.Text.Contains("master_weights", StringComparison.Ordinal)).ShouldBe(warnings);
        using var trained = Checkpoint.Open(outcome.Model!);
        trained.Weights.Tensors.ShouldAllBe(tensor => tensor.Type == TensorType.BF16);
    }

    [Theory]
    [InlineData("seed=1")]
    [InlineData("use_lora=true")]
    public void Run_WithPrompts_LogsAnswersBeforeAndAfter(string settings)
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        File.WriteAllText(folder.File("prompts.txt"), "aaaaa\n\nbbbb\n");
        TinyRun.Run(run.Config("asked", settings, $"sample_prompts_file={folder.File("prompts.txt")}", "sample_max_tokens=12", "num_train_epochs=6"));
        using var log = new RunReader(run.Output("asked"));
        var samples = log.Samples();
        samples.Select(sample => sample.Prompt).ShouldBe(["aaaaa", "bbbb"]);
        samples.ShouldAllBe(sample => sample.After.Length > 0 && sample.Before != sample.After);
        File.ReadAllText(Path.Combine(run.Output("asked"), "report.html")).ShouldContain("aaaaa");
    }

    [Theory]
    [InlineData("seed=1")]
    [InlineData("use_lora=true")]
    public void Run_WithTasksAndPromptsOnTheWay_LogsThemAndTrainsAsWithout(string settings)
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        File.WriteAllText(folder.File("prompts.txt"), "aaaaa\nbbbb\n");
        List<double> plain = [], asked = [];
        TinyRun.Run(run.Config("plain", settings), losses: plain);
        TinyRun.Run(run.Config("asked", settings, "eval_tasks=[arc-like]", "eval_task_limit=2", "eval_steps=3",
            $"sample_prompts_file={folder.File("prompts.txt")}", "sample_max_tokens=6", "sample_steps=4"), losses: asked);
        asked.ShouldBe(plain);
        using var log = new RunReader(run.Output("asked"));
        log.Series("eval/arc-like/acc_norm").Select(point => point.Step).ShouldBe([3, 6, 8]);
        log.Answers().Select(answer => (answer.Step, answer.Prompt)).ShouldBe([(4, "aaaaa"), (4, "bbbb")]);
        File.ReadAllText(Path.Combine(run.Output("asked"), "report.html")).ShouldContain("step 4");
    }

    [Fact]
    public void Run_PromptsThatAreNotThere_IsRefusedBeforeTheFirstStep()
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        List<double> losses = [];
        Should.Throw<InputFileException>(() => TinyRun.Run(run.Config("lost", $"sample_prompts_file={folder.File("no.txt")}"), losses: losses))
            .Message.ShouldContain("one prompt a line");
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Run_AnotherTokenizer_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        Should.Throw<UnsupportedException>(() => TinyRun.Run(run.Config("other", $"tokenizer_name_or_path={folder.Path}"))).Message.ShouldContain("its own tokenizer");
    }

    [Fact]
    public void Run_LossThatIsNoNumber_EndsBeforeItIsLearnedAndKeepsTheBatch()
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        var error = Should.Throw<EvaluationException>(() => TinyRun.Run(run.Config("bad", "learning_rate=1e30", "clip_grad_norm=-1", "warmup_steps=0", "spike_guard.loss_ratio=null", "spike_guard.grad_norm_ratio=null")));
        error.Message.ShouldContain("no weight was changed");
        Directory.GetFiles(run.Output("bad"), "batch-*.txt").ShouldHaveSingleItem();
    }

    [Fact]
    public void Run_MoreMemoryThanAllowed_IsRefusedWithAdvice()
    {
        using var folder = new TemporaryFolder();
        var run = new TinyRun(folder.Path);
        var error = Should.Throw<ResourceException>(() => TinyRun.Run(run.Config("big", "memory_limit_gb=0.1")));
        Should.Throw<ResourceException>(() => TinyRun.Run(run.Config("none"), free: 1000)).Message.ShouldContain("gradient_checkpointing");
        error.Message.ShouldContain("gradient_checkpointing");
        error.Message.ShouldContain("and has 107.4 MB");
    }
}
