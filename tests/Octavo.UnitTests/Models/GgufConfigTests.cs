using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>What single keys of a GGUF file mean.</summary>
public class GgufConfigTests
{
    [Fact]
    public void Describe_NoScaling_IsPlain()
    {
        var order = TinyConfig.Describe(TinyConfig.Gguf()).AttentionOf(0).Order!;
        order.ShouldBe(new Rotary(4, Pairing.Halves, 10000));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData(null)]
    public void Describe_FactorWithOrWithoutType_IsLinear(string? type)
    {
        var values = TinyConfig.Gguf();
        values["llama.rope.scaling.factor"] = 4f;
        if (type is not null)
            values["llama.rope.scaling.type"] = type;
        TinyConfig.Describe(values).AttentionOf(0).Order!.Scaling.ShouldBe(new LinearScaling(4));
    }

    [Fact]
    public void Describe_Yarn_ReadsAllOfIt()
    {
        var values = TinyConfig.Gguf("qwen2");
        (values["qwen2.rope.scaling.type"], values["qwen2.rope.scaling.factor"]) = ("yarn", 4f);
        (values["qwen2.rope.scaling.original_context_length"], values["qwen2.rope.scaling.attn_factor"]) = (16u, 0.5f);
        (values["qwen2.rope.scaling.yarn_beta_fast"], values["qwen2.rope.scaling.yarn_beta_slow"]) = (16f, 2f);
        TinyConfig.Describe(values).AttentionOf(0).Order!.Scaling.ShouldBe(new YarnScaling(4, 16, 16, 2, 0.5 * ((0.1 * Math.Log(4)) + 1)));
    }

    [Fact]
    public void Describe_RopeFreqs_BecomeAView()
    {
        var order = TinyConfig.Describe(TinyConfig.Gguf(), new FakeSource().Add("rope_freqs.weight", TensorType.F32, 2)).AttentionOf(1).Order!;
        order.Scaling.ShouldBeNull();
        (order.Factors!.Gguf, order.Factors.Shape.ShouldHaveSingleItem()).ShouldBe(("rope_freqs.weight", 2));
    }

    [Fact]
    public void Describe_Biases_FollowTheFile()
    {
        var source = new FakeSource().Add("blk.0.attn_q.bias", TensorType.F32, 24).Add("blk.0.ffn_gate.bias", TensorType.F32, 20);
        var model = TinyConfig.Describe(TinyConfig.Gguf(), source);
        model.AttentionOf(1).Q.B!.GgufRows.ShouldBe(RowOrder.RotaryPairs);
        model.AttentionOf(1).V.B!.GgufRows.ShouldBe(RowOrder.Same);
        ((Mlp)model.Stacks[0].Layers[0].Parts[1].Mix).Down.B!.Gguf.ShouldBe("blk.0.ffn_down.bias");
        TinyConfig.Describe(TinyConfig.Gguf()).AttentionOf(0).Q.B.ShouldBeNull();
    }

    [Theory]
    [InlineData("llama", RowOrder.RotaryPairs)]
    [InlineData("qwen2", RowOrder.Same)]
    public void Describe_RowOrder_FollowsTheArchitecture(string architecture, RowOrder order)
    {
        var attention = TinyConfig.Describe(TinyConfig.Gguf(architecture)).AttentionOf(0);
        (attention.Q.W.GgufRows, attention.K.W.GgufRows).ShouldBe((order, order));
        (attention.V.W.GgufRows, attention.O.W.GgufRows).ShouldBe((RowOrder.Same, RowOrder.Same));
        attention.Order!.Pairing.ShouldBe(Pairing.Halves);
    }

    [Fact]
    public void Describe_NoVocabularySize_CountsTokensOrRows()
    {
        var values = TinyConfig.Gguf();
        values.Remove("llama.vocab_size");
        TinyConfig.Describe(values, new FakeSource().Add("token_embd.weight", TensorType.F32, 33, 24)).VocabularySize.ShouldBe(33);
        values["tokenizer.ggml.tokens"] = new string[31];
        TinyConfig.Describe(values).VocabularySize.ShouldBe(31);
        values.Remove("tokenizer.ggml.tokens");
        Should.Throw<CheckpointException>(() => TinyConfig.Describe(values)).Message.ShouldContain("size of the vocabulary (0)");
    }

    [Theory]
    [InlineData("llama.expert_shared_count", 8u, "llama.expert_shared_count is 8")]
    [InlineData("llama.attention.sliding_window", 16u, "llama.attention.sliding_window is 16")]
    [InlineData("llama.attention.value_length", 8u, "llama.attention.value_length is 8; only 4 is")]
    [InlineData("llama.rope.dimension_count", 2u, "llama.rope.dimension_count is 2; only 4 is")]
    [InlineData("llama.attention.causal", false, "llama.attention.causal is false")]
    [InlineData("llama.logit_scale", 0.5f, "llama.logit_scale is 0.5")]
    [InlineData("llama.tensor_data_layout", "Meta AI original pth", "llama.tensor_data_layout")]
    [InlineData("llama.rope.scaling.type", "longrope", "\"longrope\"; supported: none, linear, yarn")]
    [InlineData("general.type", "adapter", "\"adapter\", not a model")]
    public void Describe_UnsupportedKey_IsRefusedByName(string key, object value, string expected)
    {
        var values = TinyConfig.Gguf();
        values[key] = value;
        if (key.EndsWith("scaling.type", StringComparison.Ordinal))
            values["llama.rope.scaling.factor"] = 2f;
        Should.Throw<UnsupportedException>(() => TinyConfig.Describe(values)).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("llama.expert_count", 0u)]
    [InlineData("llama.attention.sliding_window", 0u)]
    [InlineData("llama.attention.value_length", 4u)]
    [InlineData("llama.rope.dimension_count", 4u)]
    [InlineData("llama.attention.causal", true)]
    [InlineData("llama.logit_scale", 1f)]
    [InlineData("llama.rope.scaling.type", "none")]
    [InlineData("general.type", "model")]
    public void Describe_NeutralKey_IsTaken(string key, object value)
    {
        var values = TinyConfig.Gguf();
        values[key] = value;
        TinyConfig.Describe(values).Stacks[0].Layers.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("llama.block_count", 0u, "1 to 1024")]
    [InlineData("llama.block_count", 1025u, "1 to 1024")]
    [InlineData("llama.block_count", "2", "a whole number")]
    [InlineData("llama.embedding_length", 25u, "a multiple of llama.attention.head_count (6)")]
    [InlineData("llama.attention.head_count_kv", 4u, "a multiple of llama.attention.head_count_kv (4)")]
    [InlineData("llama.attention.head_count", new[] { 6, 6 }, "a list of 2; a whole number")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", float.NaN, "NaN")]
    [InlineData("llama.rope.freq_base", float.PositiveInfinity, "Infinity")]
    [InlineData("llama.rope.scaling.factor", 0.5f, "0.5; 1 to")]
    [InlineData("llama.rope.scaling.type", "linear", "without")]
    [InlineData("llama.context_length", ulong.MaxValue, "a whole number")]
    public void Describe_WrongValue_IsRefusedByName(string key, object value, string expected)
    {
        var values = TinyConfig.Gguf();
        values[key] = value;
        var message = Should.Throw<CheckpointException>(() => TinyConfig.Describe(values)).Message;
        message.ShouldContain("model.gguf");
        message.ShouldContain(expected);
    }

    [Fact]
    public void Describe_ScalingBesideDivisors_IsRefused()
    {
        var values = TinyConfig.Gguf();
        values["llama.rope.scaling.factor"] = 2f;
        var source = new FakeSource().Add("rope_freqs.weight", TensorType.F32, 2);
        Should.Throw<UnsupportedException>(() => TinyConfig.Describe(values, source)).Message.ShouldContain("rope_freqs.weight");
    }

    [Fact]
    public void FromGguf_UnknownKeysAndStopIds_AreKept()
    {
        var values = TinyConfig.Gguf();
        values["llama.novel.option"] = 3u;
        values["tokenizer.ggml.eos_token_id"] = 2u;
        values["tokenizer.ggml.eot_token_id"] = 39u;
        values["tokenizer.ggml.eom_token_id"] = 40u;
        values["tokenizer.chat_template"] = "{{ messages }}";
        var source = FakeSource.For(TinyConfig.Hub().Describe(), gguf: true);
        using var checkpoint = Checkpoint.FromGguf("model.gguf", new GgufMetadata("model.gguf", values), source);

        checkpoint.UnknownKeys.ShouldBe(["llama.novel.option"]);
        checkpoint.StopIds.ShouldBe([2, 39]);
        checkpoint.ReadChatTemplate().ShouldBe("{{ messages }}");
    }
}
