using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

public class GoldenTemplateTests
{
    [Fact]
    public void Render_FeatureCases_EqualReference()
    {
        var golden = ReadGolden("features");
        Check(golden, @case => @case["template"]!.GetValue<string>()).ShouldBeGreaterThan(60);
    }

    [Theory]
    [InlineData("gemma3")]
    [InlineData("internlm2")]
    [InlineData("llama3_1")]
    [InlineData("mistral_nemo")]
    [InlineData("qwen2_5")]
    public void Render_PublishersTemplate_EqualsReference(string name)
    {
        var folder = TemplateFiles.Model("tokenizers", name);
        if (folder is null) Assert.Skip($"set OCTAVO_MODELS to a folder with tokenizers/{name}");
        var golden = ReadGolden(name);
        var source = ChatTemplateSource.Find(folder);
        source.ShouldNotBeNull();
        source.Names.ShouldBe([ChatTemplateSource.DefaultName]);
        source.GetText().ShouldBe(golden["template"]!.GetValue<string>());
        Check(golden, _ => source.GetText()).ShouldBe(12);
    }

    [Fact]
    public void Render_TemplateOfGguf_EqualsReference()
    {
        var path = TemplateFiles.Model("SmolLM2-135M-Instruct.Q4_1.gguf");
        if (path is null) Assert.Skip("set OCTAVO_MODELS to a folder with SmolLM2-135M-Instruct.Q4_1.gguf");
        using var file = GgufFile.Open(path);
        var template = file.Metadata.Get<string>("tokenizer.chat_template");
        Check(ReadGolden("smollm2"), _ => template).ShouldBe(12);
    }

    private static JsonObject ReadGolden(string name)
    {
        var folder = TemplateFiles.Golden(name);
        if (folder is null) Assert.Skip($"set OCTAVO_GOLDENS to a folder with chat-templates/{name}");
        return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "cases.json")))!.AsObject();
    }

    private static int Check(JsonObject golden, Func<JsonNode, string> template)
    {
        var cases = golden["cases"]!.AsArray();
        foreach (var @case in cases)
        {
            var context = (JsonObject)@case!["context"]!.DeepClone();
            context["bos_token"] = golden["bos_token"]!.DeepClone();
            context["eos_token"] = golden["eos_token"]!.DeepClone();
            var name = @case["name"]!.GetValue<string>();
            if (@case["rendered"] is { } rendered)
            {
                ChatTemplate.Parse(template(@case)).Render(context).ShouldBe(rendered.GetValue<string>(), name);
                continue;
            }
            var error = Should.Throw<OctavoException>(() => ChatTemplate.Parse(template(@case)).Render(context), name);
            // What the template itself raises is shown as it is.
            if (@case["error"]!.GetValue<string>() == "TemplateError") error.Message.ShouldBe(@case["message"]!.GetValue<string>(), name);
        }
        return cases.Count;
    }
}
