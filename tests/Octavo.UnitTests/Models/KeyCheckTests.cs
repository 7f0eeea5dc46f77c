using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.Models.Checkpoints;
using Shouldly;

namespace Octavo.UnitTests.Models;

public unsafe class KeyCheckTests
{
    [Fact]
    public void Run_ThreeKindsOfTrouble_AreOneTable()
    {
        var model = TinyConfig.Hub().Describe();
        var source = FakeSource.For(model, gguf: false)
            .Remove("model.layers.1.mlp.up_proj.weight")
            .Add("model.norm.weight", TensorType.F16, 25)
            .Add("model.layers.0.self_attn.q_norm.weight", TensorType.F32, 4);

        var message = Should.Throw<CheckpointException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message;

        message.ReplaceLineEndings("\n").ShouldStartWith("""
            weights: the tensors do not fit LlamaForCausalLM (1 missing, 1 unexpected, 1 mis-shaped).
              problem     tensor                                  expected  found
              missing     model.layers.1.mlp.up_proj.weight       [20, 24]  -
              unexpected  model.layers.0.self_attn.q_norm.weight  -         [4] F32
              mis-shaped  model.norm.weight                       [24]      [25] F16
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Run_TransposedMatrix_IsMisShaped()
    {
        var model = TinyConfig.Hub().Describe();
        var source = FakeSource.For(model, gguf: false).Add("lm_head.weight", TensorType.F32, 24, 40);
        Should.Throw<CheckpointException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message.ShouldContain("[24, 40] F32");
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(41, true)]
    public void Run_ManyMissing_ShowsFortyAndCounts(int missing, bool cut)
    {
        var model = TinyConfig.Hub().With("num_hidden_layers", 8).Describe();
        var source = FakeSource.For(model, gguf: false);
        foreach (var key in ModelListing.Keys(model).Take(missing))
            source.Remove(key.Name);
        var message = Should.Throw<CheckpointException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message;
        message.ShouldContain($"({missing} missing, 0 unexpected, 0 mis-shaped)");
        message.Split('\n').Count(line => line.Contains("  missing ", StringComparison.Ordinal)).ShouldBe(cut ? 41 : 40);
        message.Contains("… and 1 more", StringComparison.Ordinal).ShouldBe(cut);
    }

    [Fact]
    public void Run_OldBuffers_AreNotedWhereTheFamilySaysSo()
    {
        var model = TinyConfig.Hub().Describe();
        var source = FakeSource.For(model, gguf: false).Add("model.layers.0.self_attn.rotary_emb.inv_freq", TensorType.F32, 2);
        KeyCheck.Run(model, source, gguf: false, Architectures.Families[0].IgnoredSuffixes).ShouldHaveSingleItem().ShouldContain("rotary_emb.inv_freq");
        Should.Throw<CheckpointException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message.ShouldContain("unexpected");
    }

    [Fact]
    public void Run_TiedHeadStoredAgain_IsNotedWhenEqualAndRefusedWhenNot()
    {
        var model = TinyConfig.Hub().With("tie_word_embeddings", true).Describe();
        var numbers = Enumerable.Range(0, 40 * 24).Select(i => (float)i).ToArray();
        var others = numbers.ToArray();
        others[^1]++;
        fixed (float* table = numbers, other = others)
        {
            var source = FakeSource.For(model, gguf: false).Add(new StoredTensor("model.embed_tokens.weight", TensorType.F32, [40, 24], (byte*)table));
            source.Add(new StoredTensor("lm_head.weight", TensorType.F32, [40, 24], (byte*)table));
            KeyCheck.Run(model, source, gguf: false, []).ShouldHaveSingleItem().ShouldContain("lm_head.weight is stored again");

            source.Add(new StoredTensor("lm_head.weight", TensorType.F32, [40, 24], (byte*)other));
            Should.Throw<CheckpointException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message.ShouldContain("tie_word_embeddings");
        }
    }

    [Fact]
    public void Run_UnsupportedType_IsRefusedByName()
    {
        var model = TinyConfig.Hub().Describe();
        var source = FakeSource.For(model, gguf: false).Add("lm_head.weight", TensorType.I32, 40, 24);
        var message = Should.Throw<UnsupportedException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message;
        message.ShouldContain("I32 (1 tensors, such as lm_head.weight)");
        message.ShouldContain("F32");
    }

    [Theory]
    [InlineData(TensorType.F8E4M3, "lm_head.weight_scale", true)]
    [InlineData(TensorType.F8E5M2, "model.layers.0.mlp.up_proj.weight_scale_inv", true)]
    [InlineData(TensorType.F8E4M3, "lm_head.input_scale", true)]
    [InlineData(TensorType.F32, "lm_head.weight_scale", false)]
    public void Run_ScalesOfFloat8_AreRefusedByName(TensorType type, string scale, bool isFloat8)
    {
        var model = TinyConfig.Hub().Describe();
        var source = FakeSource.For(model, gguf: false).Add("lm_head.weight", type, 40, 24).Add(scale, TensorType.F32, 1);
        if (!isFloat8)
        {
            Should.Throw<CheckpointException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message.ShouldContain("unexpected");
            return;
        }
        var message = Should.Throw<UnsupportedException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message;
        message.ShouldContain(scale);
        message.ShouldContain($"lm_head.weight is {type}");
    }

    [Fact]
    public void Run_Float8WithoutScales_IsRead()
    {
        var model = TinyConfig.Hub().Describe();
        KeyCheck.Run(model, FakeSource.For(model, gguf: false).Add("lm_head.weight", TensorType.F8E5M2, 40, 24), gguf: false, []).ShouldBeEmpty();
    }

    [Fact]
    public void Run_NamesOfTheFile_AreTamed()
    {
        var model = TinyConfig.Hub().Describe();
        var source = FakeSource.For(model, gguf: false).Add("\u001b[2J" + new string('x', 5000), TensorType.F32, 1);
        var message = Should.Throw<CheckpointException>(() => KeyCheck.Run(model, source, gguf: false, [])).Message;
        message.ShouldNotContain("\u001b");
        message.Length.ShouldBeLessThan(1000);
    }
}
