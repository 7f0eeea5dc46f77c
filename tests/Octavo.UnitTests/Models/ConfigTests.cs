using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>What single keys of config.json mean.</summary>
public class ConfigTests
{
    [Theory]
    [InlineData("""{"type":"linear","factor":4}""", "LinearScaling { Factor = 4 }")]
    [InlineData("""{"rope_type":"linear","type":"linear","factor":4.5}""", "LinearScaling { Factor = 4.5 }")]
    [InlineData("""{"rope_type":"dynamic","factor":2}""", "DynamicScaling { Factor = 2, OriginalLength = 64 }")]
    [InlineData("""{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":16}""",
        "Llama3Scaling { Factor = 8, LowFactor = 1, HighFactor = 4, OriginalLength = 16 }")]
    [InlineData("""{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4}""",
        "Llama3Scaling { Factor = 8, LowFactor = 1, HighFactor = 4, OriginalLength = 64 }")]
    [InlineData("""{"rope_type":"default"}""", null)]
    [InlineData("null", null)]
    public void RopeScaling_EachType_IsRead(string json, string? expected)
    {
        var scaling = Tiny().With("rope_scaling", JsonNode.Parse(json)).Describe().AttentionOf(0).Order!.Scaling;
        scaling?.ToString().ShouldBe(expected);
        (scaling is null).ShouldBe(expected is null);
    }

    [Theory]
    [InlineData("""{"type":"yarn","factor":4,"original_max_position_embeddings":16}""", 4, 1.1386294361119890)]
    [InlineData("""{"type":"yarn","original_max_position_embeddings":16}""", 4, 1.1386294361119890)]
    [InlineData("""{"type":"yarn","factor":1}""", 1, 1)]
    [InlineData("""{"type":"yarn","factor":4,"attention_factor":0.5}""", 4, 0.5)]
    [InlineData("""{"type":"yarn","factor":4,"mscale":2,"mscale_all_dim":1}""", 4, 1.1217511)]
    [InlineData("""{"type":"yarn","factor":4,"mscale":2,"mscale_all_dim":0}""", 4, 1.1386294361119890)]
    public void Yarn_Magnitude_FollowsTheReference(string json, double factor, double attention)
    {
        var yarn = Tiny().With("rope_scaling", JsonNode.Parse(json)).Describe().AttentionOf(0).Order!.Scaling.ShouldBeOfType<YarnScaling>();
        yarn.Factor.ShouldBe(factor);
        yarn.AttentionFactor.ShouldBe(attention, 1e-6);
        (yarn.BetaFast, yarn.BetaSlow, yarn.Truncate).ShouldBe((32, 1, true));
    }

    [Fact]
    public void Yarn_Options_AreRead()
    {
        var json = JsonNode.Parse("""{"rope_type":"yarn","factor":4,"beta_fast":16,"beta_slow":2,"truncate":false,"rope_theta":500000}""");
        var order = Tiny().With("rope_parameters", json).Describe().AttentionOf(0).Order!;
        order.Theta.ShouldBe(500_000);
        order.Scaling.ShouldBeOfType<YarnScaling>().ShouldBe(new YarnScaling(4, 64, 16, 2, (0.1 * Math.Log(4)) + 1, false));
    }

    [Fact]
    public void ContextLength_DynamicScaling_IsStretched()
    {
        Tiny().Describe().ContextLength.ShouldBe(64);
        Tiny().With("rope_scaling", JsonNode.Parse("""{"type":"dynamic","factor":2.5}""")).Describe().ContextLength.ShouldBe(160);
    }

    [Fact]
    public void Llama_OldConfigWithoutKvHeads_TakesAllHeads()
    {
        var attention = Tiny().Without("num_key_value_heads").Describe().AttentionOf(0);
        (attention.Heads, attention.KvHeads, attention.HeadDim).ShouldBe((6, 6, 4));
        attention.Order!.Theta.ShouldBe(10_000);
        attention.Scale.ShouldBe(0.5f);
    }

    [Fact]
    public void Llama_ExplicitHeadDim_ShapesTheProjections()
    {
        var attention = Tiny().With("head_dim", 10).Describe().AttentionOf(0);
        attention.Q.W.Shape.ShouldBe([60, 24]);
        attention.K.W.Shape.ShouldBe([20, 24]);
        attention.O.W.Shape.ShouldBe([24, 60]);
        attention.Order!.Dims.ShouldBe(10);
    }

    [Theory]
    [InlineData(false, false, 21)]
    [InlineData(true, false, 29)]
    [InlineData(false, true, 27)]
    [InlineData(true, true, 35)]
    public void Llama_Biases_AreListed(bool attention, bool mlp, int keys)
    {
        var model = Tiny().With("attention_bias", attention).With("mlp_bias", mlp).Describe();
        ModelListing.Keys(model).Count.ShouldBe(keys);
        model.AttentionOf(0).O.B.ShouldBe(attention ? model.AttentionOf(0).O.B.ShouldNotBeNull() : null);
        ModelListing.Keys(model).Any(key => key.Name == "model.layers.1.mlp.down_proj.bias").ShouldBe(mlp);
    }

    [Fact]
    public void Llama_Tied_SharesTheTable()
    {
        var model = Tiny().With("tie_word_embeddings", true).Describe();
        model.Stacks[0].Heads.ShouldHaveSingleItem().Projection.W.ShouldBeSameAs(model.Stacks[0].Input.Table);
        ModelListing.ParameterCount(Tiny().Describe()).ShouldBe(ModelListing.ParameterCount(model) + (40 * 24));
    }

    [Theory]
    [InlineData("""{"0":"A","1":"B","2":"C"}""", null, 3)]
    [InlineData(null, 5, 5)]
    [InlineData(null, null, 2)]
    public void LlamaForSequenceClassification_Labels_ShapeTheScoreHead(string? names, int? count, int expected)
    {
        var config = TinyConfig.Hub("LlamaForSequenceClassification").With("num_labels", count)
            .With("id2label", names is null ? null : JsonNode.Parse(names));
        var head = config.Describe().Stacks[0].Heads.ShouldHaveSingleItem();
        (head.Name, head.Projection.W.Name).ShouldBe(("score", "score.weight"));
        head.Projection.W.Shape.ShouldBe([expected, 24]);
    }

    [Theory]
    [InlineData(false, 9, 0, null, null)]
    [InlineData(true, 9, 0, 9, 9)]
    [InlineData(true, 9, 1, null, 9)]
    [InlineData(true, 9, 2, null, null)]
    [InlineData(true, null, 0, null, null)]
    public void Qwen2_Window_HoldsFromMaxWindowLayersOn(bool use, int? window, int from, int? first, int? second)
    {
        var model = TinyConfig.Hub("Qwen2ForCausalLM")
            .With("use_sliding_window", use).With("sliding_window", window).With("max_window_layers", from).Describe();
        (model.AttentionOf(0).Visible.Window, model.AttentionOf(1).Visible.Window).ShouldBe((first, second));
        (model.AttentionOf(0).Q.B?.Name, model.AttentionOf(0).O.B).ShouldBe(("model.layers.0.self_attn.q_proj.bias", null));
        model.AttentionOf(0).Q.W.GgufRows.ShouldBe(RowOrder.Same);
    }

    [Theory]
    [InlineData("full_attention", "sliding_attention", true)]
    [InlineData("sliding_attention", "sliding_attention", false)]
    [InlineData("full_attention", "chunked_attention", false)]
    public void Qwen2_LayerTypes_MustSayTheSame(string first, string second, bool fits)
    {
        var config = TinyConfig.Hub("Qwen2ForCausalLM")
            .With("use_sliding_window", true).With("max_window_layers", 1).With("layer_types", new JsonArray(first, second));
        if (fits)
            config.Describe().AttentionOf(1).Visible.Window.ShouldBe(4096);
        else
            Should.Throw<UnsupportedException>(() => config.Describe()).Message.ShouldContain("layer_types[");
    }

    [Fact]
    public void Mistral_Window_IsTheConfigsOrTheReferencesOrNone()
    {
        var mistral = TinyConfig.Hub("MistralForCausalLM");
        mistral.Describe().AttentionOf(1).Visible.Window.ShouldBe(4096);
        mistral.With("sliding_window", 9).Describe().AttentionOf(1).Visible.Window.ShouldBe(9);
        mistral.With("sliding_window", null).Describe().AttentionOf(1).Visible.Window.ShouldBeNull();
    }

    [Fact]
    public void UnknownKeys_AreListed_HarmlessOnesAreNot()
    {
        var config = Tiny().With("torch_dtype", "float16").With("use_cache", false).With("novel_option", 3)
            .With("rope_scaling", JsonNode.Parse("""{"type":"linear","factor":2,"finetuned":true}"""));
        TinyConfig.Read(config, out var json);
        json.UnknownKeys.ShouldBe(["novel_option", "rope_scaling.finetuned"], ignoreOrder: true);
    }

    [Fact]
    public void Select_WithoutArchitectures_GoesByModelType() =>
        TinyConfig.Hub("Qwen2ForCausalLM").Without("architectures").Describe().Architecture.ShouldBe("Qwen2ForCausalLM");

    private static JsonObject Tiny() => TinyConfig.Hub();
}
