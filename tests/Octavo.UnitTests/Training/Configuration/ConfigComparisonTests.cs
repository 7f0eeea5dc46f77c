using Octavo.Core;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

public class ConfigComparisonTests
{
    [Fact]
    public void RequireSame_DecidingSettings_AreAllListed()
    {
        var saved = ConfigComparison.Settings(ConfigTexts.Read("learning_rate: 1e-4\n"));
        var now = ConfigTexts.Read("learning_rate: 2e-4\nseed: 7\nthreads: 3\nlogging_steps: 5\n");
        List<string> told = [];
        var error = Should.Throw<ConfigException>(() => ConfigComparison.RequireSame(now, saved, "out/checkpoint-5", told.Add)).Message;
        error.ShouldContain("learning_rate is 0.0002, was 0.0001");
        error.ShouldContain("seed is 7, was 42");
        error.ShouldNotContain("logging_steps");
        told.ShouldHaveSingleItem().ShouldStartWith("threads is 3, was null");
        ConfigComparison.Hash(now).ShouldNotBe(ConfigComparison.Hash(ConfigTexts.Read("learning_rate: 1e-4\n")));
    }

    [Fact]
    public void RequireSame_SettingsThatComputeNothing_GoOn()
    {
        var before = ConfigTexts.Read();
        var now = ConfigTexts.Read("logging_steps: 5\nkeep_last_n_checkpoints: 1\ncheckpointing_steps: 7\nrun_name: other\nmemory_limit_gb: 3\n");
        List<string> told = [];
        ConfigComparison.RequireSame(now, ConfigComparison.Settings(before), "c", told.Add);
        told.ShouldBeEmpty();
        ConfigComparison.Hash(now).ShouldBe(ConfigComparison.Hash(before));
    }

    [Fact]
    public void Hash_OfAMovedProject_Stays()
    {
        const string Text = "model_name_or_path: ./m\ndataset_mixer: {a.jsonl: 1}\noutput_dir: out\neval_file: e.jsonl\n";
        var (here, there) = (ConfigReader.ReadText<SftConfig>(Text, "x", "/one"), ConfigReader.ReadText<SftConfig>(Text, "x", "/two/deep"));
        ConfigComparison.Hash(here).ShouldBe(ConfigComparison.Hash(there));
        ConfigComparison.Settings(here)["dataset_mixer"].ShouldBe("[{path: \"../a.jsonl\", weight: 1}]");
    }

    [Fact]
    public void RequireSame_AnotherRecipe_IsRefused()
    {
        var pretrain = ConfigReader.ReadText<PretrainConfig>(
            "config_name: nano\ntokenizer_name_or_path: t\ntext_files: [a]\noutput_dir: o\n", "x", "/p");
        Should.Throw<ConfigException>(() => ConfigComparison.RequireSame(ConfigTexts.Read(), ConfigComparison.Settings(pretrain), "c", _ => { }))
            .Message.ShouldContain("'octavo train pretrain', not of 'octavo train sft'");
    }

    [Fact]
    public void TellVersions_Changed_AreTold()
    {
        List<string> told = [];
        ConfigComparison.TellVersions(
            new Dictionary<string, string> { ["libtorch"] = "2.10", ["octavo"] = "1" },
            new Dictionary<string, string> { ["libtorch"] = "2.11", ["octavo"] = "1" }, told.Add);
        told.ShouldHaveSingleItem().ShouldStartWith("libtorch is 2.11, was 2.10");
    }
}
