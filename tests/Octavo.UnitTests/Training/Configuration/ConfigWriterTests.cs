using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

public class ConfigWriterTests
{
    [Theory]
    [InlineData("")]
    [InlineData("learning_rate: 9.0e-05\nweight_decay: 0.1\nclip_grad_norm: 1\nmax_seq_length: 512\nseed: 9007199254740993\n")]
    [InlineData("lr_scheduler_type: warmup_stable_decay\nwarmup_steps: 4\nlr_scheduler_kwargs: {num_decay_steps: 6, decay_type: 1-sqrt}\n")]
    [InlineData("use_lora: true\nuse_qlora: true\nuse_dora: true\nlora_rank: 8\nlora_target_modules: [q_proj]\ndtype: bfloat16\n")]
    [InlineData("dtype: bfloat16\nmaster_weights: false\n")]
    [InlineData("run_name: \"yes\"\neval_file: \"a b: #c\"\neval_steps: 10\ncheckpointing_steps: epoch\nresume_from_checkpoint: old/checkpoint-3\n")]
    [InlineData("run_name: 'Ünïcode \"quoted\" \\ back'\nspike_guard: {loss_ratio: null, action: stop}\nwith_tracking: false\nreport_to: []\n")]
    [InlineData("dataset_columns: {prompt: q, completion: a}\ntruncation: drop\npacking: true\nreduce_loss: mean_micro\n")]
    public void ToYaml_ReadBack_IsTheSame(string lines)
    {
        var config = ConfigTexts.Read(lines);
        var yaml = config.ToYaml();
        var again = ConfigReader.ReadText<SftConfig>(yaml, "resolved", "/elsewhere");
        again.ToYaml().ShouldBe(yaml);
        foreach (var key in ConfigKey.Of(typeof(SftConfig)))
            ConfigWriter.Value(key.In(again)).ShouldBe(ConfigWriter.Value(key.In(config)), key.Name);
        again.Train.Optimizer.ShouldBe(config.Train.Optimizer);
        again.Train.Schedule.ShouldBe(config.Train.Schedule);
        again.Train.Checkpoints.ShouldBe(config.Train.Checkpoints);
        again.Train.SpikeGuard.ShouldBe(config.Train.SpikeGuard);
        again.Model.ShouldBe(config.Model);
        again.Train.Seed.ShouldBe(config.Train.Seed);
        again.Train.Reports.EvalFile.ShouldBe(config.Train.Reports.EvalFile);
    }

    [Fact]
    public void ToYaml_MixtureAndPretraining_ReadBack()
    {
        var sft = ConfigReader.ReadText<SftConfig>(
            "model_name_or_path: m\noutput_dir: o\ndataset_mixer: [{path: a b, count: 3}, {path: c, weight: 0.1}]\n", "x", "/p");
        ConfigReader.ReadText<SftConfig>(sft.ToYaml(), "y", "/q").Data.DatasetMixer.ShouldBe(sft.Data.DatasetMixer);
        var drawn = ConfigReader.ReadText<SftConfig>(
            "model_name_or_path: m\noutput_dir: o\ndataset_mixer: [{path: a, sampling_weight: 3}, {path: c, sampling_weight: 0.1}]\n", "x", "/p");
        ConfigReader.ReadText<SftConfig>(drawn.ToYaml(), "y", "/q").Data.DatasetMixer.ShouldBe(drawn.Data.DatasetMixer);
        var pretrain = ConfigReader.ReadText<PretrainConfig>(
            "config_name: nano\ntokenizer_name_or_path: t\ntext_files: [a, b]\noutput_dir: o\n", "x", "/p");
        pretrain.Model.Shape!.Parameters.ShouldBe(1_049_728);
        var again = ConfigReader.ReadText<PretrainConfig>(pretrain.ToYaml(), "y", "/q");
        again.Data.TextFiles.ShouldBe(["/p/a", "/p/b"]);
        again.ToYaml().ShouldBe(pretrain.ToYaml());
    }
}
