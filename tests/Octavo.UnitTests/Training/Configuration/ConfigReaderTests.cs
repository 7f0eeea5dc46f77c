using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Octavo.Training.Schedules;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

public class ConfigReaderTests
{
    private const string Published = """
        # keys of open-instruct's finetune.py
        model_name_or_path: HuggingFaceTB/SmolLM2-1.7B
        tokenizer_name_or_path: HuggingFaceTB/SmolLM2-1.7B
        chat_template_name: tulu
        dataset_mixer:
            tulu-3.jsonl: 1.0
        max_seq_length: 4096
        per_device_train_batch_size: 1 # one
        gradient_accumulation_steps: 8
        learning_rate: 9.0e-05
        lr_scheduler_type: linear
        warmup_ratio: 0.03
        weight_decay: 0.0
        num_train_epochs: 2
        reduce_loss: sum
        clip_grad_norm: -1
        use_lora: true
        use_qlora: false
        lora_rank: 16
        lora_alpha: 32
        lora_dropout: 0.05
        gradient_checkpointing: true
        output_dir: out/sft
        run_name: "1130"
        with_tracking: true
        report_to:
          - tensorboard
        logging_steps: 1
        checkpointing_steps: epoch
        keep_last_n_checkpoints: -1
        max_train_steps: 100
        seed: 123
        """;

    [Fact]
    public void Read_OpenInstructsKeys_AllArrive()
    {
        var config = ConfigReader.ReadText<SftConfig>(Published, "run.yaml", ConfigTexts.Folder);
        config.Model.ModelNameOrPath.ShouldBe("HuggingFaceTB/SmolLM2-1.7B");
        config.Model.TokenizerNameOrPath.ShouldBe("HuggingFaceTB/SmolLM2-1.7B");
        config.Model.ChatTemplateName.ShouldBe("tulu");
        config.Data.DatasetMixer.ShouldBe(new DatasetMixer([new DatasetPart("/project/runs/tulu-3.jsonl", 1, null)]));
        config.Adapter.ShouldBe(config.Adapter with { UseLora = true, UseQlora = false, LoraRank = 16, LoraAlpha = 32, LoraDropout = 0.05 });
        var train = config.Train;
        train.Optimizer.ShouldBe(new OptimizerConfig { LearningRate = 9e-5, WeightDecay = 0, ClipGradNorm = -1 });
        train.Optimizer.MaxGradNorm.ShouldBeNull();
        train.Schedule.ShouldBe(new ScheduleConfig { LrSchedulerType = ScheduleKind.Linear, WarmupRatio = 0.03 });
        train.EffectiveBatch.ShouldBe(8);
        (train.MaxSeqLength, train.NumTrainEpochs, train.MaxTrainSteps, train.Seed).ShouldBe((4096, 2, 100L, 123L));
        (train.ReduceLoss, train.GradientCheckpointing, train.RunName).ShouldBe((LossReduction.Sum, true, "1130"));
        train.OutputDir.ShouldBe("/project/runs/out/sft");
        train.Reports.LoggingSteps.ShouldBe(1);
        train.Reports.ReportTo.ShouldBe([Reporter.Tensorboard]);
        train.Checkpoints.ShouldBe(new CheckpointConfig { CheckpointingSteps = Interval.Epoch, KeepLastNCheckpoints = -1 });
        train.Checkpoints.Keep.ShouldBeNull();
    }

    [Fact]
    public void Read_UnknownKey_IsRefusedWithItsPlaceAndTheNearest()
    {
        ConfigTexts.Error("learnign_rate: 1e-4\n").ShouldBe("run.yaml: line 4, column 1: unknown key 'learnign_rate'. Did you mean 'learning_rate'?");
        ConfigTexts.Error("spike_guard:\n  windw: 3\n")
            .ShouldBe("run.yaml: line 5, column 3: unknown key 'spike_guard.windw'. Did you mean 'window'?");
        ConfigTexts.Error("zzzzzz: 1\n").ShouldBe("run.yaml: line 4, column 1: unknown key 'zzzzzz'.");
        ConfigTexts.Error("", "learnign_rate=1")
            .ShouldBe("run.yaml: --set learnign_rate: unknown key 'learnign_rate'. Did you mean 'learning_rate'?");
        ConfigTexts.Error("", "learning_rate.x=1")
            .ShouldBe("run.yaml: --set learning_rate.x: unknown key 'learning_rate.x'. Did you mean 'learning_rate'?");
    }

    [Theory]
    [InlineData("tokenizer_name: x", "write tokenizer_name_or_path")]
    [InlineData("use_slow_tokenizer: true", "Remove it")]
    [InlineData("max_grad_norm: 1.0", "write clip_grad_norm")]
    [InlineData("push_to_hub: true", "nothing is sent")]
    public void Read_KeyOfAnotherTool_SaysWhatToWrite(string line, string said) => ConfigTexts.Error(line + "\n").ShouldContain(said);

    [Fact]
    public void Read_ReduceLossMean_IsAmbiguousAndNamesTheTwo()
    {
        var error = ConfigTexts.Error("reduce_loss: mean\n");
        error.ShouldStartWith("run.yaml: line 4, column 14: reduce_loss: 'mean' is ambiguous.");
        error.ShouldContain("mean_global");
        error.ShouldContain("mean_micro");
        ConfigTexts.Read("reduce_loss: mean_global\n").Train.ReduceLoss.ShouldBe(LossReduction.MeanGlobal);
    }

    [Fact]
    public void Read_ManyMistakes_AllInOneErrorInOrder()
    {
        const string Text = "output_dir: out\nlearnign_rate: 1\nseed: x\npacking: maybe\nspike_guard: 3\nwarmup_steps: 2\nwarmup_ratio: 0.1\n";
        var error = Should.Throw<ConfigException>(() =>
            ConfigReader.ReadText<SftConfig>(Text, "run.yaml", ConfigTexts.Folder, ["nonsense", "lora_rank=0"])).Message;
        error.Split('\n').Select(line => line.Trim()).ShouldBe(
        [
            "run.yaml: 8 problems:",
            "line 2, column 1: unknown key 'learnign_rate'. Did you mean 'learning_rate'?",
            "line 3, column 7: seed: expected a whole number, found 'x'.",
            "line 4, column 10: packing: expected true or false, found 'maybe'.",
            "line 5, column 14: spike_guard: expected keys (action, window, loss_ratio, grad_norm_ratio), found '3'.",
            "line 6, column 1: warmup_steps and warmup_ratio are both given. Remove one.",
            "--set lora_rank: lora_rank: '0' is outside: expected a number at least 1.",
            "--set nonsense: expected KEY=VALUE, such as --set learning_rate=1e-4.",
            "the key 'model_name_or_path' is missing: The model to begin with: folder, weights file or id.",
        ]);
    }

    [Theory]
    [InlineData("use_lora: yes", "use_lora: expected true or false, found 'yes'")]
    [InlineData("use_lora: \"true\"", "Remove the quotes")]
    [InlineData("use_lora:", "there is no value")]
    [InlineData("seed: 0123", "octal")]
    [InlineData("seed: 0o17", "octal")]
    [InlineData("seed: 0x1F", "octal")]
    [InlineData("seed: 1_000", "without separators")]
    [InlineData("seed: 1.0", "expected a whole number")]
    [InlineData("seed: 1:30", "expected a whole number")]
    [InlineData("seed: 99999999999999999999", "expected a whole number")]
    [InlineData("seed: -1", "at least 0")]
    [InlineData("max_seq_length: 3000000000", "too large")]
    [InlineData("learning_rate: .inf", "expected a number")]
    [InlineData("learning_rate: .nan", "expected a number")]
    [InlineData("learning_rate: 1e999", "expected a number")]
    [InlineData("learning_rate: 1,5", "without separators")]
    [InlineData("learning_rate: \"1e-4\"", "Remove the quotes")]
    [InlineData("learning_rate: [1e-4]", "found a list of 1")]
    [InlineData("learning_rate: -1e-4", "at least 0")]
    [InlineData("adam_beta2: 1", "below 1")]
    [InlineData("run_name: no", "Put it in quotes")]
    [InlineData("run_name: On", "Put it in quotes")]
    [InlineData("run_name: \"\"", "found an empty one")]
    [InlineData("run_name: \"a\\nb\"", "control characters")]
    [InlineData("eval_file: ~/x", "Write the path out")]
    [InlineData("lr_scheduler_type: cosin", "Did you mean 'cosine'?")]
    [InlineData("lr_scheduler_type: wsd", "write warmup_stable_decay")]
    [InlineData("dtype: float16", "overflows")]
    [InlineData("report_to: wandb", "nothing is sent")]
    [InlineData("report_to: [sqlite, sqlite]", "twice")]
    [InlineData("report_to: {a: 1}", "expected a list")]
    [InlineData("checkpointing_steps: often", "expected a whole number of steps or 'epoch'")]
    [InlineData("checkpointing_steps: 0", "at least 1")]
    [InlineData("keep_last_n_checkpoints: 0", "would leave nothing")]
    [InlineData("keep_last_n_checkpoints: -2", "at least -1")]
    [InlineData("clip_grad_norm: -0.5", "-1 or 0 for no clipping")]
    [InlineData("eval_steps: 10", "without eval_file")]
    [InlineData("eval_tasks: [gsm-lik]", "'gsm-like'")]
    [InlineData("eval_tasks: [gsm-like, gsm-like]", "names a task twice")]
    [InlineData("eval_tasks: [gsm-like]\nwith_tracking: false", "no log to keep figures in")]
    [InlineData("eval_task_limit: 5", "without eval_tasks")]
    [InlineData("eval_tasks: [gsm-like]\neval_gsm_equations: 4", "Give 1, 2 or 3")]
    [InlineData("eval_tasks: [arc-like]\neval_gsm_equations: 2", "does not name gsm-like")]
    [InlineData("sample_steps: 10", "without sample_prompts_file")]
    [InlineData("lora_rank: 8", "without 'use_lora: true'")]
    [InlineData("use_qlora: true", "without 'use_lora: true'")]
    [InlineData("master_weights: false", "dtype: bfloat16")]
    [InlineData("master_weights: false\ndtype: bfloat16\nuse_lora: true", "adapters are kept in float32")]
    [InlineData("{a: 1}: 2", "a key must be a name")]
    [InlineData("lr_scheduler_kwargs: {power: 2}", "has no effect with 'lr_scheduler_type: linear'")]
    [InlineData("lr_scheduler_type: warmup_stable_decay", "num_decay_steps is needed")]
    [InlineData("lr_scheduler_type: constant\nwarmup_steps: 3", "constant_with_warmup")]
    [InlineData("dataset_columns: {prompt: question}", "dataset_columns.completion is needed: it goes together with prompt")]
    public void Read_WrongValue_IsRefusedByKeyAndReason(string line, string said)
    {
        var error = ConfigTexts.Error(line + "\n");
        error.ShouldContain(said);
        error.ShouldMatch("^run.yaml: line [45], column ");
    }

    [Theory]
    [InlineData("learning_rate: 1e-5", 1e-5)]
    [InlineData("learning_rate: 1E-5", 1e-5)]
    [InlineData("learning_rate: +.5", 0.5)]
    [InlineData("learning_rate: 3", 3)]
    [InlineData("learning_rate: 0", 0)]
    public void Read_Number_InAnySpelling(string line, double expected) => ConfigTexts.Read(line).Train.Optimizer.LearningRate.ShouldBe(expected);

    [Fact]
    public void Read_Set_OverridesTheFileAndOpensSections()
    {
        var config = ConfigTexts.Read(
            "seed: 1\nspike_guard:\n  window: 9\n", "seed=7", "spike_guard.action=stop", "lr_scheduler_kwargs.num_cycles=0.75",
            "lr_scheduler_type=cosine", "use_lora=true", "lora_target_modules=[q_proj, v_proj]", "run_name=\"a=b\"");
        config.Train.Seed.ShouldBe(7);
        config.Train.SpikeGuard.ShouldBe(new SpikeGuardConfig { Window = 9, Action = SpikeAction.Stop });
        config.Train.Schedule.LrSchedulerKwargs.NumCycles.ShouldBe(0.75);
        config.Adapter.LoraTargetModules.ShouldBe(["q_proj", "v_proj"]);
        config.Train.RunName.ShouldBe("a=b");
        ConfigTexts.Error("", "seed=1", "seed=2").ShouldContain("--set seed: the key is given twice");
        ConfigTexts.Error("spike_guard: 3\n", "spike_guard.window=4").ShouldContain("line 4, column 14: spike_guard: expected keys");
        ConfigTexts.Read("spike_guard:\n", "spike_guard.window=4").Train.SpikeGuard.Window.ShouldBe(4);
        ConfigTexts.Error("", "seed=").ShouldContain("there is no value");
        ConfigTexts.Error("", "seed=[").ShouldContain("--set seed: not valid YAML");
    }

    [Fact]
    public void Read_File_PathsStartFromItsFolderAndIdsStay()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("model"));
        Directory.CreateDirectory(folder.File("tulu"));
        var path = folder.File("run.yaml");
        File.WriteAllText(
            path,
            "model_name_or_path: model\ntokenizer_name_or_path: org/name\nchat_template_name: tulu\ntrain_file: ../a.jsonl\noutput_dir: /abs\n");
        var config = ConfigReader.Read<SftConfig>(path, ["eval_file=e.jsonl"]);
        config.Model.ShouldBe(
            new ModelConfig { ModelNameOrPath = folder.File("model"), TokenizerNameOrPath = "org/name", ChatTemplateName = "tulu" });
        config.Data.TrainFile.ShouldBe(Path.GetFullPath(folder.File("../a.jsonl")));
        config.Train.OutputDir.ShouldBe("/abs");
        config.Train.Reports.EvalFile.ShouldBe(Path.GetFullPath("e.jsonl"));
        Should.Throw<InputFileException>(() => ConfigReader.Read<SftConfig>(folder.File("none.yaml"))).Message.ShouldContain("none.yaml");
    }

    [Fact]
    public void Read_KeyOfAnotherRecipe_IsUnknown() =>
        Should.Throw<ConfigException>(() => ConfigReader.ReadText<PretrainConfig>(
                "config_name: nano\ntokenizer_name_or_path: t\ntext_files: [a.txt]\noutput_dir: o\nuse_lora: true\n", "run.yaml", ConfigTexts.Folder))
            .Message.ShouldBe("run.yaml: line 5, column 1: unknown key 'use_lora'.");

    [Fact]
    public void Shapes_OfNewModels_HaveTheirParameters()
    {
        NewModelShape.All["nano"].Parameters.ShouldBe(1_049_728);
        NewModelShape.All["micro"].Parameters.ShouldBe(5_475_584);
        NewModelShape.All["mini"].Parameters.ShouldBe(15_735_168);
    }
}
