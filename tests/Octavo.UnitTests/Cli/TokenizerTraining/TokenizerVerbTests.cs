using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.UnitTests.Core.Tokenizers.Training;
using Shouldly;

namespace Octavo.UnitTests.Cli.TokenizerTraining;

public class TokenizerVerbTests
{
    [Fact]
    public void Train_Json_TellsWhatWasMade()
    {
        using var texts = new TrainingTexts();
        var path = texts.Write("a.txt", TrainingTexts.Sentences(50_000, 1));
        using var terminal = new FakeTerminal();
        terminal.Run("tokenizer", "train", path, "--out", texts.Out, "--vocab-size", "400", "--special", "<|x|>", "--special", "<|y|>", "--json").ShouldBe(0);
        using var json = JsonDocument.Parse(terminal.Out);
        json.RootElement.GetProperty("vocabulary").GetInt32().ShouldBe(400);
        json.RootElement.GetProperty("training_bytes").GetInt64().ShouldBe(new FileInfo(path).Length);
        json.RootElement.GetProperty("held_out").GetBoolean().ShouldBeFalse();
        var tokenizer = TokenizerReader.FromFolder(texts.Out);
        tokenizer.VocabularySize.ShouldBe(400);
        tokenizer.Encode("<|endoftext|><|x|><|y|>").Select(token => token.Id).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Train_Text_TellsWhatWasMade()
    {
        using var texts = new TrainingTexts();
        var (learnt, other) = (texts.Write("a.txt", TrainingTexts.Sentences(50_000, 1)), texts.Write("b.txt", TrainingTexts.Sentences(9000, 2)));
        using var terminal = new FakeTerminal();
        terminal.Run("tokenizer", "train", learnt, "--out", texts.Out, "--vocab-size", "400", "--held-out", other).ShouldBe(0);
        terminal.Out.ShouldContain("400 entries");
        terminal.Out.ShouldContain("held-out    0.01 MB take");
        terminal.Out.ShouldContain($"written to  {texts.Out}");
    }

    [Theory]
    [InlineData("tulu", "<|user|>\nhello\n<|assistant|>\nhi<|endoftext|>\n<|user|>\nbye\n<|assistant|>\n", "<|endoftext|>")]
    [InlineData("chatml", "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\nhi<|im_end|>\n<|im_start|>user\nbye<|im_end|>\n<|im_start|>assistant\n", "<|im_end|>")]
    public void Train_ChatTemplate_IsWrittenWithItsTokens(string name, string expected, string end)
    {
        using var texts = new TrainingTexts();
        using var terminal = new FakeTerminal();
        terminal.Run("tokenizer", "train", texts.Write("a.txt", "some text"), "--out", texts.Out, "--chat-template", name).ShouldBe(0);
        var tokenizer = TokenizerReader.FromFolder(texts.Out);
        tokenizer.Piece(tokenizer.EosId!.Value).ShouldBe(end);
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(texts.Out, "tokenizer_config.json")));
        var template = config.RootElement.GetProperty("chat_template").GetString()!;
        Render(template, end).ShouldBe(expected);
    }

    [Fact]
    public void Train_Mistakes_AreRefused()
    {
        using var texts = new TrainingTexts();
        var path = texts.Write("a.txt", "some text");
        Refuses(2, "Did you mean 'train'?", "tokenizer", "trian", path, "--out", texts.Out);
        Refuses(2, "tokenizer train FILE", "tokenizer");
        Refuses(2, "give the files", "tokenizer", "train", "--out", texts.Out);
        Refuses(2, "give --out", "tokenizer", "train", path);
        Refuses(2, "257 to", "tokenizer", "train", path, "--out", texts.Out, "--vocab-size", "100");
        Refuses(2, "is a file", "tokenizer", "train", path, "--out", path);
        Refuses(3, "no such file", "tokenizer", "train", path + "x", "--out", texts.Out);
        Directory.Exists(texts.Out).ShouldBeFalse();
    }

    private static string Render(string template, string end)
    {
        JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };
        return ChatTemplate.Parse(template).Render(new JsonObject
        {
            ["messages"] = new JsonArray(Message("user", "hello"), Message("assistant", "hi"), Message("user", "bye")),
            ["eos_token"] = end,
            ["add_generation_prompt"] = true,
        });
    }

    private static void Refuses(int exit, string expected, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(exit, string.Join(' ', args));
        terminal.Error.ShouldContain(expected);
    }
}
