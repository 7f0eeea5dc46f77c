using System.Text;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Models;
using Octavo.Models.Checkpoints;
using Shouldly;

namespace Octavo.UnitTests.Models;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("octavo-").FullName;

    [Theory]
    [InlineData("{\"eos_token_id\":2}", null, new[] { 2 })]
    [InlineData("{\"eos_token_id\":2}", "{\"eos_token_id\":[2,5,7]}", new[] { 2, 5, 7 })]
    [InlineData("{\"eos_token_id\":null}", "{}", new int[0])]
    [InlineData("{\"eos_token_id\":[-1,39,40]}", null, new[] { 39 })]
    public void StopIds_NumberOrList_AreJoined(string config, string? generation, int[] expected)
    {
        Write("config.json", config);
        if (generation is not null)
            Write("generation_config.json", generation);
        StopTokens.FromHub(_folder, TinyConfig.Hub().Describe()).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{\"eos_token_id\":\"2\"}")]
    [InlineData("{\"eos_token_id\":[2,\"3\"]}")]
    [InlineData("{\"eos_token_id\":2.5}")]
    public void StopIds_NoIds_AreRefused(string config)
    {
        Write("config.json", config);
        Should.Throw<CheckpointException>(() => StopTokens.FromHub(_folder, TinyConfig.Hub().Describe())).Message.ShouldContain("eos_token_id");
    }

    [Fact]
    public void Template_JinjaFile_GoesBeforeTheTokenizersConfig()
    {
        ChatTemplateSource.Find(_folder).ShouldBeNull();
        Write("tokenizer_config.json", "{\"chat_template\":[{\"name\":\"tool_use\",\"template\":\"T\"},{\"name\":\"default\",\"template\":\"D\"}]}");
        ChatTemplateSource.Find(_folder)!.GetText().ShouldBe("D");
        Write("tokenizer_config.json", "{\"chat_template\":\"C\"}");
        ChatTemplateSource.Find(_folder)!.GetText().ShouldBe("C");
        Write("chat_template.jinja", "J");
        ChatTemplateSource.Find(_folder)!.GetText().ShouldBe("J");
    }

    [Fact]
    public void Open_Nothing_SaysWhatToGive() =>
        Should.Throw<InputFileException>(() => Checkpoint.Open(Path.Combine(_folder, "absent"))).Message.ShouldContain("no such file or folder");

    [Fact]
    public void Open_OtherFile_SaysWhatToGive()
    {
        Write("model.onnx", "x");
        Should.Throw<InputFileException>(() => Checkpoint.Open(Path.Combine(_folder, "model.onnx"))).Message.ShouldContain("no model file that can be read");
    }

    [Fact]
    public void Open_FolderWithoutConfig_NamesIt() =>
        Should.Throw<CheckpointException>(() => Checkpoint.Open(_folder)).Message.ShouldContain("no config.json");

    [Fact]
    public void Open_FolderWithSeveralGgufs_NamesThem()
    {
        Write("a.gguf", "x");
        Write("b.gguf", "x");
        var message = Should.Throw<ConfigException>(() => Checkpoint.Open(_folder)).Message;
        message.ShouldContain("a.gguf");
        message.ShouldContain("b.gguf");
    }

    [Fact]
    public void Open_ConfigOfAnotherModel_ClosesTheFile()
    {
        Write("config.json", TinyConfig.Hub().ToJsonString());
        var header = "{\"foo\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"u8;
        File.WriteAllBytes(Path.Combine(_folder, "model.safetensors"), [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0]);
        Should.Throw<CheckpointException>(() => Checkpoint.Open(_folder)).Message.ShouldContain("(21 missing, 1 unexpected, 0 mis-shaped)");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));
}
