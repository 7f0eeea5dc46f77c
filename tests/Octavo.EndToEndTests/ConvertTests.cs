using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

public class ConvertTests
{
    [Fact]
    public void Convert_BundledModelToAFolderAndBack_IsTheSameModel()
    {
        using var folder = new TemporaryFolder();
        var hub = Converted("smollm2-135m-instruct", folder.File("hub"), "--type", "f32");
        hub.GetProperty("sameBest").GetDouble().ShouldBe(1);
        hub.GetProperty("largestLogitDifference").GetDouble().ShouldBeLessThan(1e-3);
        Directory.EnumerateFiles(folder.File("hub")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);

        // the types that the bundled file has: its numbers must come out the same, bit for bit
        var back = Converted(folder.File("hub"), folder.File("back.gguf"), "--type", "q4_1", "--embeddings", "q8_0");
        back.GetProperty("errors").EnumerateArray().ShouldAllBe(error => error.GetProperty("largest").GetDouble() == 0);
        back.GetProperty("substitutes").EnumerateArray().ShouldBeEmpty();
        var question = (string[])["generate", "--max-tokens", "24", "--chat", "--prompt", "Name the capital of France.", "--model"];
        var answer = OctavoProgram.Run([.. question, folder.File("back.gguf")]);
        answer.Exit.ShouldBe(0, answer.Error);
        answer.Out.ShouldBe(OctavoProgram.Run([.. question, "smollm2-135m-instruct"]).Out);
    }

    [Fact]
    public void Convert_RowsThatDoNotFillBlocks_PrintsTheSubstitutes()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.File("tiny"));
        var result = OctavoProgram.Run("convert", folder.File("tiny"), folder.File("tiny.gguf"), "--type", "q6_k");
        result.Exit.ShouldBe(0, result.Error);
        result.Out.ShouldContain("blk.N.ffn_down.weight is Q8_0 in 2 layers: rows of 96 numbers do not fill blocks of 256.");
        result.Out.ShouldContain("There is no tokenizer beside the weights");
        result.Out.ShouldContain("mean NLL");
    }

    [Fact]
    public void Convert_WithoutVerification_ComparesNothing()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.File("tiny"));
        var result = OctavoProgram.Run("convert", folder.File("tiny"), folder.File("tiny.gguf"), "--no-verify", "--json");
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        json.RootElement.GetProperty("errors").EnumerateArray().ShouldBeEmpty();
        json.RootElement.TryGetProperty("meanNllAfter", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(2, "give a SOURCE and a DESTINATION", "tiny")]
    [InlineData(2, "--type is 'q9'", "tiny", "out.gguf", "--type", "q9")]
    [InlineData(6, "cannot be written with --type q8_0", "tiny", "out", "--type", "q8_0")]
    [InlineData(6, "cannot be written with --type q3_k", "tiny", "out.gguf", "--type", "q3_k")]
    [InlineData(2, "one type for all tensors", "tiny", "out", "--embeddings", "f16")]
    [InlineData(2, "no effect with --no-verify", "tiny", "out.gguf", "--no-verify", "--text", "there.gguf")]
    [InlineData(2, "the destination is where", "tiny", "tiny", "--overwrite")]
    [InlineData(2, "something already", "tiny", "there.gguf")]
    public void Convert_WhatIsWrong_IsRefused(int exit, string words, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.File("tiny"));
        folder.Write("there.gguf", [1]);
        var places = arguments.Select(word => word.StartsWith('-') || word is "q9" or "q8_0" or "q3_k" or "f16" or "1" ? word : folder.File(word));
        var result = OctavoProgram.Run(["convert", .. places]);
        result.Exit.ShouldBe(exit, result.Error);
        result.Error.ShouldContain(words);
        File.ReadAllBytes(folder.File("there.gguf")).ShouldBe([1]);
        Directory.EnumerateFileSystemEntries(folder.Path).Count().ShouldBe(2);
    }

    private static JsonElement Converted(params string[] arguments)
    {
        var result = OctavoProgram.Run(["convert", .. arguments, "--json"]);
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        return json.RootElement.Clone();
    }
}
