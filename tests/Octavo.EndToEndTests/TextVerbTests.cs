using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

/// <summary>Verbs that need no weights.</summary>
public class TextVerbTests
{
    private const string Model = "smollm2-135m-instruct";

    [Fact]
    public void Tokenize_Json_HasTheFixedForm()
    {
        var result = OctavoProgram.Run("tokenize", "--model", Model, "--json", "Hi <|im_end|>👍");
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        json.RootElement.EnumerateObject().Select(field => field.Name).ShouldBe(["ids", "pieces", "offsets"]);
        json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ShouldContain(2);
        json.RootElement.GetProperty("pieces")[0].GetString().ShouldBe("Hi");
        json.RootElement.GetProperty("offsets")[0].EnumerateArray().Select(place => place.GetInt32()).ShouldBe([0, 2]);
        // code points, not UTF-16 units
        json.RootElement.GetProperty("offsets").EnumerateArray().Last()[1].GetInt32().ShouldBe(14);
    }

    [Fact]
    public void Tokenize_FolderWithATokenizerOnly_Works()
    {
        if (Repository.Outside("OCTAVO_MODELS") is not { } models || !Directory.Exists(Path.Combine(models, "tokenizers", "llama3_1")))
            Assert.Skip("OCTAVO_MODELS holds no tokenizers/llama3_1.");
        else
        {
            var result = OctavoProgram.Run("tokenize", "--model", Path.Combine(models, "tokenizers", "llama3_1"), "--json", "Hello world");
            result.Exit.ShouldBe(0, result.Error);
            result.Out.ShouldStartWith("{\"ids\":[9906,1917]");
        }
    }

    [Fact]
    public void Template_Json_Rendered()
    {
        var result = OctavoProgram.RunWith(
            """{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}], "add_generation_prompt": true}""",
            "template", "--model", Model, "--json");
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        json.RootElement.GetProperty("rendered").GetString().ShouldBe(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    }

    [Fact]
    public void Template_OwnFileThatRaises_GivesItsWords()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.jinja"), "{{ raise_exception('Only one message') }}");
        var result = OctavoProgram.RunWith("{}", "template", "--chat-template", folder.File("t.jinja"), "--json");
        result.Exit.ShouldNotBe(0);
        using var json = JsonDocument.Parse(result.Out);
        json.RootElement.GetProperty("error").GetString().ShouldNotBeNull().ShouldContain("Only one message");
    }

    [Fact]
    public void Inspect_Json_TellsWhatTheModelIs()
    {
        var result = OctavoProgram.Run("inspect", Model, "--json");
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        json.RootElement.GetProperty("architecture").GetString().ShouldBe("LlamaForCausalLM");
        json.RootElement.GetProperty("parameters").GetInt64().ShouldBe(134_515_008);
        json.RootElement.GetProperty("tensors").GetArrayLength().ShouldBe(272);
        json.RootElement.GetProperty("config").GetProperty("llama.block_count").GetInt32().ShouldBe(30);
        json.RootElement.GetProperty("memory").GetProperty("totalBytes").GetInt64().ShouldBeGreaterThan(98_000_000);
    }

    [Fact]
    public void Inspect_ArchitectureNotSupported_ShowsTheTensorsAndSaysSo()
    {
        var result = OctavoProgram.Run("inspect", "golden/decoders/jamba");
        result.Exit.ShouldBe(0, result.Error);
        result.Out.ShouldContain("Cannot be run");
        result.Out.ShouldContain("JambaForCausalLM");
        result.Out.ShouldContain("model.layers.N.feed_forward.down_proj.weight");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("list", "--architectures")]
    [InlineData("doctor")]
    [InlineData("parity", "golden/decoders/llama-reward")]
    public void Verb_Json_IsValidAndPlainTextIsNotEmpty(params string[] args)
    {
        var plain = OctavoProgram.Run(args);
        plain.Exit.ShouldBe(0, plain.Error);
        plain.Out.Trim().ShouldNotBeEmpty();
        plain.Out.ShouldNotContain("\e");
        var result = OctavoProgram.Run([.. args, "--json"]);
        result.Exit.ShouldBe(0, result.Error);
        JsonDocument.Parse(result.Out).Dispose();
    }

    [Fact]
    public void List_Systems_AreTheEight()
    {
        using var json = JsonDocument.Parse(OctavoProgram.Run("list", "--json").Out);
        json.RootElement.GetProperty("systems").EnumerateArray().Select(system => system.GetProperty("name").GetString())
            .ShouldBe(["Apollo", "BiMediX2", "LAM", "ObjectMate", "VMB", "SynerGen-VL", "SCBench", "SmolTulu"]);
    }
}
