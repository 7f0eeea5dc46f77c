using Octavo.Cli.CommandLine;
using Octavo.Core;
using Octavo.Systems.ScBench.Matrix;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Matrix;

public class MatrixConfigTests
{
    private static MatrixConfig Read(string yaml) => ConfigReader.ReadText<MatrixConfig>($"output_dir: out\n{yaml}", "matrix.yaml", Path.GetTempPath());

    private static IReadOnlyList<string> Methods(string yaml) => [.. Read(yaml).Settings(EngineFlags.ReadKv).Select(setting => setting.Text)];

    [Fact]
    public void Settings_Budgets_ArePutInAndFullAndRandomAdded() =>
        Methods("methods: ['f32+snapkv:window=4,budget={budget}', q8]\nbudgets: [24, 12]").ShouldBe(
            ["q8", "f32+snapkv:window=4,budget=24", "f32+snapkv:window=4,budget=12", "f32+random:budget=24,seed={row}", "f32+random:budget=12,seed={row}"], ignoreOrder: true);

    [Theory]
    [InlineData("methods: ['streamingllm:init=4,local=20']", "random:budget=24,seed={row}")]
    [InlineData("methods: ['a_shape+adakv(knorm:budget=7)']", "random:budget=7,seed={row}")]
    [InlineData("methods: ['f16+quest:budget=32']", "f16+random:budget=32,seed={row}")]
    [InlineData("methods: ['kivi:bits=2']", "random:compression_ratio=0.75,seed={row}")]
    public void Settings_WithoutAControl_GetOneOfTheSameSize(string yaml, string control)
    {
        var methods = Methods(yaml);
        methods[0].ShouldBe("full");
        methods[^1].ShouldBe(control);
    }

    [Fact]
    public void Settings_ThatHaveBoth_StayAsTheyAre() => Methods("methods: [full, 'random:budget=3']").ShouldBe(["full", "random:budget=3"]);

    [Fact]
    public void Read_WhatIsWrong_IsToldAtOnce()
    {
        var message = Should.Throw<ConfigException>(() => Read(
            "methods: ['snapkv:budget={budget}']\ntasks: [kv_word]\nmodes: [multi-request, multi_turn]\nhistory: self\nseeds: [1, 1]")).Message;
        message.ShouldContain("5 problems");
        message.ShouldContain("Did you mean 'kv_words'?");
        message.ShouldContain("Did you mean 'multi-turn'?");
        message.ShouldContain("requests have no history");
        message.ShouldContain("seeds is empty or has a number twice");
        message.ShouldContain("budgets and {budget} in methods go together");
    }

    [Fact]
    public void Read_AnUnknownKey_NamesTheNearest() =>
        Should.Throw<ConfigException>(() => Read("methods: [full]\ncontexs: 3")).Message.ShouldContain("unknown key 'contexs'. Did you mean 'contexts'?");
}
