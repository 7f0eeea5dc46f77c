using Octavo.Core;
using Octavo.Models.Adapters;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Models.Adapters;

/// <summary>adapter_config.json: what PEFT says, and what is refused by name.</summary>
public sealed class AdapterConfigTests : IDisposable
{
    private const string Module = "model.layers.3.self_attn.q_proj";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 2.0)]
    [InlineData("\"use_rslora\": true", 4.0)]
    [InlineData("\"rank_pattern\": {\"q_proj\": 16}", 0.5)]
    [InlineData("\"alpha_pattern\": {\"k_proj\": 100, \"self_attn.q_proj\": 12}", 3.0)]
    [InlineData("\"alpha_pattern\": {\"layers.[0-2].*\": 100, \"^model.layers.3.self_attn.q_proj\": 20}", 5.0)]
    [InlineData("\"alpha_pattern\": {\"proj\": 100}", 2.0)]
    public void ScaleOf_Module_FollowsThePatterns(string more, double scale) => Read(more).ScaleOf(Module).ShouldBe((float)scale);

    [Theory]
    [InlineData("[\"q_proj\"]", true)]
    [InlineData("[\"proj\"]", false)]
    [InlineData("[\"self_attn.q_proj\", \"v_proj\"]", true)]
    [InlineData("[\"model.layers.3.self_attn.q_proj\"]", true)]
    [InlineData("\"all-linear\"", true)]
    [InlineData("\".*attn.*\"", true)]
    [InlineData("\"q_proj\"", false)]
    [InlineData("[\"q_proj\"], \"layers_to_transform\": [1, 3]", true)]
    [InlineData("[\"q_proj\"], \"layers_to_transform\": 2", false)]
    [InlineData("[\"q_proj\"], \"exclude_modules\": [\"layers.3.self_attn.q_proj\"]", false)]
    public void Targets_Module_IsMeantOrNot(string modules, bool expected) => Read("", modules).Targets(Module).ShouldBe(expected);

    [Fact]
    public void Targets_AllLinear_LeavesTheHeadOut() => Read("", "\"all-linear\"").Targets("lm_head", isHead: true).ShouldBeFalse();

    [Theory]
    [InlineData("\"bias\": \"all\"", "bias")]
    [InlineData("\"modules_to_save\": [\"embed_tokens\"]", "modules_to_save")]
    [InlineData("\"fan_in_fan_out\": true", "fan_in_fan_out")]
    [InlineData("\"init_lora_weights\": \"pissa_niter_4\"", "init_lora_weights")]
    [InlineData("\"task_type\": \"SEQ_CLS\"", "task_type")]
    [InlineData("\"trainable_token_indices\": [1]", "trainable_token_indices")]
    [InlineData("\"layer_replication\": [[0, 2]]", "layer_replication")]
    [InlineData("\"a_setting_of_tomorrow\": 3", "a_setting_of_tomorrow")]
    [InlineData("\"exclude_modules\": \".*q.*\"", "exclude_modules")]
    public void Load_WhatCannotBeDone_IsRefusedByName(string more, string name) =>
        Should.Throw<UnsupportedException>(() => Read(more)).Message.ShouldContain(name);

    [Theory]
    [InlineData("\"a_setting_of_tomorrow\": null, \"modules_to_save\": [], \"megatron_config\": null, \"init_lora_weights\": \"gaussian\"")]
    [InlineData("\"lora_dropout\": 0.05, \"inference_mode\": false, \"loftq_config\": {}, \"peft_version\": \"0.9.0\", \"revision\": \"main\"")]
    public void Load_WhatChangesNothing_IsPassedOver(string more) => Read(more).Rank.ShouldBe(4);

    [Fact]
    public void Load_WrongValues_AreToldAtOnce()
    {
        const string Wrong = "\"lora_alpha\": \"x\", \"use_dora\": 1, \"rank_pattern\": {\"q\": 0.5}, \"layers_to_transform\": \"a\"";
        var message = Should.Throw<CheckpointException>(() => Read(Wrong)).Message;
        foreach (var name in (string[])["lora_alpha", "use_dora", "rank_pattern.q", "layers_to_transform"])
            message.ShouldContain(name);
    }

    [Fact]
    public void Load_NotLora_IsRefused()
    {
        File.WriteAllText(_folder.File("c.json"), """{"peft_type": "IA3", "r": 4, "target_modules": ["q_proj"]}""");
        Should.Throw<UnsupportedException>(() => AdapterConfig.Load(_folder.File("c.json"))).Message.ShouldContain("IA3");
    }

    [Fact]
    public void Targets_NoExpression_IsToldAsOne() =>
        Should.Throw<CheckpointException>(() => Read("", "\"(q_proj\"").Targets(Module)).Message.ShouldContain("(q_proj");

    [Theory]
    [InlineData("training/lora")]
    [InlineData("training/lora-rslora")]
    [InlineData("training/lora-dora")]
    public void Write_WhatPeftWrote_IsTheSameText(string golden)
    {
        var path = Path.Combine(GoldenFolder.Find(golden), "adapter_config.json");
        System.Text.Encoding.UTF8.GetString(AdapterConfigWriter.Write(AdapterConfig.Load(path))).ShouldBe(File.ReadAllText(path));
    }

    [Fact]
    public void Write_EverySetting_ComesBack()
    {
        var config = Read("\"rank_pattern\": {\"b\": 3, \"a\": 2}, \"alpha_pattern\": {\"c\": 1.5}, \"layers_to_transform\": [2, 5], \"exclude_modules\": [\"x\"], "
            + "\"lora_dropout\": 0.25, \"base_model_name_or_path\": \"o/m\", \"revision\": \"r1\", \"use_rslora\": true, \"use_dora\": true");
        File.WriteAllBytes(_folder.File("again.json"), AdapterConfigWriter.Write(config));
        AdapterConfig.Load(_folder.File("again.json")).ShouldBeEquivalentTo(config);
    }

    private AdapterConfig Read(string more, string modules = "[\"q_proj\"]")
    {
        var alpha = more.Contains("lora_alpha", StringComparison.Ordinal) ? "" : ", \"lora_alpha\": 8";
        var text = $$"""{"peft_type": "LORA", "r": 4, "target_modules": {{modules}}{{alpha}}{{(more.Length > 0 ? ", " : "")}}{{more}}}""";
        File.WriteAllText(_folder.File("adapter_config.json"), text);
        return AdapterConfig.Load(_folder.File("adapter_config.json"));
    }
}
