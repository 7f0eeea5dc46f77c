using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Models;
using Octavo.Models.Configs;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>Configurations that must be refused by name, beside valid twins that must load.</summary>
public class HostileConfigTests
{
    // key, smallest and largest value that are taken; other keys are set so that nothing else is wrong
    [Theory]
    [InlineData("vocab_size", 1, 10_000_000)]
    [InlineData("hidden_size", 1, 1 << 20)]
    [InlineData("intermediate_size", 1, 16_777_216)]
    [InlineData("num_hidden_layers", 1, 1024)]
    [InlineData("num_attention_heads", 2, 16384)]
    [InlineData("num_key_value_heads", 1, 6)]
    [InlineData("head_dim", 2, 16384)]
    [InlineData("max_position_embeddings", 1, 1 << 30)]
    public void Describe_SizeAtItsBounds_IsTakenAndBeyondRefused(string key, int least, int most)
    {
        JsonObject Of(long value) => TinyConfig.Hub().With("head_dim", 4).With(key, value);
        Of(least).Describe();
        Of(most).Describe();
        foreach (var value in (long[])[0, -1, int.MinValue, (long)most + 1, int.MaxValue, 1L << 40])
            Should.Throw<CheckpointException>(() => Of(value).Describe(), $"{key} = {value}").Message.ShouldContain(key);
    }

    [Theory]
    [InlineData("rms_norm_eps", 1e-12, 1)]
    [InlineData("rope_theta", 2, 1e15)]
    public void Describe_NumberAtItsBounds_IsTakenAndBeyondRefused(string key, double least, double most)
    {
        TinyConfig.Hub().With(key, least).Describe();
        TinyConfig.Hub().With(key, most).Describe();
        foreach (var value in (double[])[0, -least, least / 1.01, most * 1.01])
            Should.Throw<CheckpointException>(() => TinyConfig.Hub().With(key, value).Describe(), $"{key} = {value}").Message.ShouldContain(key);
    }

    [Theory]
    [InlineData("vocab_size", "\"40\"", "\"40\"; a whole number")]
    [InlineData("vocab_size", "40.5", "40.5; a whole number")]
    [InlineData("vocab_size", "[40]", "a whole number")]
    [InlineData("vocab_size", "true", "a whole number")]
    [InlineData("vocab_size", "null", "vocab_size is missing")]
    [InlineData("vocab_size", "1e400", "a whole number")]
    [InlineData("rms_norm_eps", "\"NaN\"", "\"NaN\"; a number")]
    [InlineData("rms_norm_eps", "1e400", "rms_norm_eps is Infinity")]
    [InlineData("tie_word_embeddings", "\"true\"", "true or false")]
    [InlineData("tie_word_embeddings", "1", "true or false")]
    [InlineData("hidden_act", "7", "a text")]
    [InlineData("rope_scaling", "\"linear\"", "an object")]
    [InlineData("rope_scaling", "{\"type\":\"linear\"}", "rope_scaling.factor is missing")]
    [InlineData("rope_scaling", "{\"type\":\"linear\",\"factor\":0.99}", "rope_scaling.factor is 0.99")]
    [InlineData("rope_scaling", "{\"type\":\"linear\",\"factor\":\"2\"}", "\"2\"; a number")]
    [InlineData("rope_scaling", "{\"type\":\"linear\",\"rope_type\":\"yarn\",\"factor\":2}", "one value is expected")]
    [InlineData("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":2,\"low_freq_factor\":4,\"high_freq_factor\":4}", "more than low_freq_factor")]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2,\"beta_fast\":1,\"beta_slow\":2}", "at least beta_slow")]
    [InlineData("rope_parameters", "{\"rope_theta\":500}", "one value is expected")]
    [InlineData("architectures", "[\"LlamaForCausalLM\",\"Qwen2ForCausalLM\"]", "names 2 classes")]
    [InlineData("architectures", "\"LlamaForCausalLM\"", "a list of texts")]
    [InlineData("architectures", "[7]", "a list of texts")]
    [InlineData("model_type", "\"mistral\"", "has \"llama\"")]
    [InlineData("num_key_value_heads", "4", "a multiple of num_key_value_heads (4)")]
    [InlineData("head_dim", "3", "an even number")]
    [InlineData("layer_types", "[\"full_attention\"]", "has 1 entries")]
    public void Describe_WrongValue_IsRefusedByName(string key, string json, string expected)
    {
        var text = TinyConfig.Hub().With("rope_theta", 10000).Without(key).ToJsonString();
        var message = Should.Throw<CheckpointException>(() => Describe(text[..^1] + $",\"{key}\":{json}}}")).Message;
        message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("hidden_act", "\"gelu\"", "\"gelu\"; supported: silu")]
    [InlineData("quantization_config", "{\"bits\":4}", "quantization_config")]
    [InlineData("partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5")]
    [InlineData("sliding_window", "16", "sliding_window is 16")]
    [InlineData("layer_types", "[\"full_attention\",\"sliding_attention\"]", "layer_types[1]")]
    [InlineData("rope_scaling", "{\"type\":\"ntk\",\"factor\":2}", "\"ntk\"; supported: default, linear, dynamic, llama3, longrope, yarn")]
    [InlineData("rope_scaling", "{\"type\":\"dynamic\",\"factor\":2,\"original_max_position_embeddings\":32}", "original_max_position_embeddings")]
    [InlineData("rope_parameters", "{\"full_attention\":{\"rope_theta\":500.0}}", "rope_parameters.full_attention")]
    [InlineData("num_local_experts", "8", "num_local_experts is 8")]
    [InlineData("final_logit_softcapping", "30.0", "final_logit_softcapping")]
    [InlineData("architectures", "[\"GPT2LMHeadModel\"]", "Supported: LlamaForCausalLM")]
    public void Describe_UnsupportedValue_IsRefusedByName(string key, string json, string expected)
    {
        var text = TinyConfig.Hub().Without(key).ToJsonString();
        Should.Throw<UnsupportedException>(() => Describe(text[..^1] + $",\"{key}\":{json}}}")).Message.ShouldContain(expected);
    }

    [Fact]
    public void Describe_ManyWrongValues_AreAllTold()
    {
        var config = TinyConfig.Hub().With("vocab_size", -1).With("hidden_size", "24").Without("intermediate_size")
            .With("num_hidden_layers", 1025).With("num_key_value_heads", 4).With("rms_norm_eps", 0).With("tie_word_embeddings", 2)
            .With("quantization_config", new JsonObject());
        var message = Should.Throw<CheckpointException>(() => config.Describe()).Message;
        foreach (var part in (string[])["8 things", "vocab_size is -1; 1 to 10000000 is expected", "hidden_size is \"24\"", "intermediate_size is missing",
            "num_hidden_layers is 1025", "num_attention_heads is 6; a multiple of num_key_value_heads (4)", "rms_norm_eps is 0",
            "tie_word_embeddings is 2", "not supported: quantization_config"])
            message.ShouldContain(part);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"vocab_size\":NaN}")]
    [InlineData("{\"vocab_size\":1,\"vocab_size\":2}")]
    [InlineData("{\"a\":")]
    [InlineData("{}")]
    public void Describe_NoUsableJson_IsRefused(string json) =>
        Should.Throw<CheckpointException>(() => Describe(json)).Message.ShouldStartWith("config.json");

    [Fact]
    public void Describe_DeepNesting_IsRefused() =>
        Should.Throw<CheckpointException>(() => Describe(new string('[', 100_000) + new string(']', 100_000))).Message.ShouldContain("not valid JSON");

    [Fact]
    public void Messages_ControlCharactersAndLength_AreTamed()
    {
        var config = TinyConfig.Hub().With("hidden_act", "\u001b[31m" + new string('x', 500));
        var message = Should.Throw<UnsupportedException>(() => config.Describe()).Message;
        message.ShouldNotContain("\u001b");
        message.Length.ShouldBeLessThan(300);
    }

    [Fact]
    public void UnknownKeys_WhatWasAskedFor_IsNotAmongThem()
    {
        var json = HubConfig.Parse("{\"ids\":[1,2],\"counted\":{\"a\":1},\"never\":3}"u8.ToArray(), "config.json");
        json.Ids("ids").ShouldBe([1, 2]);
        json.CountOf("counted").ShouldBe(1);
        json.UnknownKeys.ShouldBe(["never"]);
    }

    private static TextModel Describe(string text)
    {
        var json = HubConfig.Parse(Encoding.UTF8.GetBytes(text), "config.json");
        return Architectures.Select(json, out var architecture).FromHub(architecture, json);
    }
}
