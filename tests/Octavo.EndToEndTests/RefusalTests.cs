using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

/// <summary>Every way to be refused: its exit, its words, and nothing on standard output.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData(2, "there is no verb 'chatt'", "chatt")]
    [InlineData(2, "'--prompts' is not an option", "generate", "--prompts", "x")]
    [InlineData(2, "was not found", "chat", "hi", "--model", "no/such-model")]
    [InlineData(2, "neither a file", "inspect", "../no such folder")]
    [InlineData(2, "is not in the vocabulary", "logits", "--model", "smollm2-135m-instruct", "--ids", "999999")]
    [InlineData(3, "no such folder", "parity", "no-such-folder")]
    [InlineData(4, "37 tokens and the context holds 20", "chat", "What is the capital of France?", "--context", "20")]
    [InlineData(6, "'cuda' is not supported", "chat", "hi", "--device", "cuda")]
    [InlineData(6, "JambaForCausalLM", "logits", "--model", "golden/decoders/jamba", "--ids", "1")]
    [InlineData(6, "has no chat template", "chat", "hi", "--model", "golden/gguf/files/llama/model.gguf")]
    [InlineData(6, "'tea' is not available", "logits", "--model", "golden/decoders/llama", "--ids", "1", "--isa", "tea")]
    [InlineData(6, "X", "parity", "golden/decoders/jamba")]
    public void Run_Refused_ExitsAndSaysWhy(int exit, string said, params string[] args)
    {
        var result = OctavoProgram.Run(args);
        result.Exit.ShouldBe(exit, result.Error + result.Out);
        (result.Error + (args[0] == "parity" ? result.Out : "")).ShouldContain(said);
        if (args[0] != "parity")
            result.Out.ShouldBeEmpty();
    }

    [Fact]
    public void Inspect_FileCutOff_IsRefusedWithItsPlace()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("cut.gguf"), File.ReadAllBytes(Repository.At("golden", "gguf", "files", "llama", "model.gguf"))[..5000]);
        var result = OctavoProgram.Run("inspect", folder.File("cut.gguf"));
        result.Exit.ShouldBe(3);
        result.Error.ShouldContain("cut.gguf");
        result.Error.ShouldMatch(@"byte \d+");
    }

    [Fact]
    public void Template_NotJson_IsRefused()
    {
        var result = OctavoProgram.RunWith("{", "template", "--model", "smollm2-135m-instruct");
        result.Exit.ShouldBe(3);
        result.Error.ShouldContain("not valid JSON");
    }

    [Fact]
    public void Tokenize_NotUtf8_IsRefused()
    {
        var process = OctavoProgram.Start("bash", ["-c", $"printf '\\xff' | dotnet '{OctavoProgram.Path}' tokenize --model smollm2-135m-instruct"]);
        var result = OctavoProgram.Finish(process);
        result.Exit.ShouldBe(3);
        result.Error.ShouldContain("not UTF-8");
    }
}
