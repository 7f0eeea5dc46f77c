using System.Text;
using Octavo.Core;
using Octavo.Core.Tokenizers.Training;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Training;

public class TrainingRefusalTests
{
    private static TokenizerTrainingOptions Options => new() { VocabularySize = 300 };

    [Fact]
    public void Train_NamedFileThatIsNoText_IsRefusedAndInAFolderLeftOut()
    {
        using var texts = new TrainingTexts();
        var path = texts.Write("in/b.txt", "");
        File.WriteAllBytes(path, [.. "good "u8, 0xFF, .. " bad"u8]);
        texts.Write("in/a.txt", "some text, some text");
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([path], Options)).Message.ShouldContain("b.txt, somewhere in the 10 bytes from 0 on");
        var trained = TokenizerTrainer.Train([Path.Combine(texts.Folder, "in")], Options);
        (trained.Files, trained.TrainingBytes).ShouldBe((2, 20));
        trained.LeftOut.ShouldHaveSingleItem().ShouldContain("b.txt");
    }

    [Fact]
    public void Train_ZeroBytes_AreNoText()
    {
        using var texts = new TrainingTexts();
        var path = texts.Write("a.txt", "");
        File.WriteAllBytes(path, Encoding.Unicode.GetBytes("sixteen bits"));
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([path], Options)).Message.ShouldContain("no UTF-8 text");
    }

    [Theory]
    [InlineData("{\"text\": \"a\"}\n\n{\"txt\": 1}", "line 3: has neither")]
    [InlineData("{\"text\": \"a\"}\n{\"text\": ", "line 2: no JSON text")]
    [InlineData("[1]", "line 1: has neither")]
    [InlineData("{\"messages\": [{\"content\": [1]}]}", "line 1: a message has no text 'content'")]
    [InlineData("{\"text\": \"\\ud800\"}", "line 1: no JSON text")]
    public void Train_BadLine_IsNamed(string content, string expected)
    {
        using var texts = new TrainingTexts();
        var path = texts.Write("a.jsonl", content);
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([path], Options)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Train_BrokenGzip_IsRefused()
    {
        using var texts = new TrainingTexts();
        var path = texts.WritePacked("a.txt.gz", TrainingTexts.Sentences(200_000, 1));
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([path], Options)).Message.ShouldContain("a.txt.gz");
        File.WriteAllText(path, "no gzip");
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([path], Options)).Message.ShouldContain("broken gzip data");
    }

    [Fact]
    public void Train_NothingThere_IsRefused()
    {
        using var texts = new TrainingTexts();
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([texts.Write("a.txt", "")], Options)).Message.ShouldContain("no text to learn from");
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([Path.Combine(texts.Folder, "x")], Options)).Message.ShouldContain("no such file");
        var path = texts.Write("b.txt", "text");
        Should.Throw<InputFileException>(() => TokenizerTrainer.Train([path], Options with { HeldOut = [texts.Write("c.txt", "")] }))
            .Message.ShouldContain("no text to measure");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Train_TooManyDistinctWords_IsRefusedWhateverTheThreads(int threads)
    {
        using var texts = new TrainingTexts();
        static char Letter(int number) => (char)('a' + number % 26);
        var words = Enumerable.Range(0, 17_000).Select(i => $" w{Letter(i)}{Letter(i / 26)}{Letter(i / 676)}");
        var path = texts.Write("a.txt", string.Concat(words));
        Should.Throw<ResourceException>(() => TokenizerTrainer.Train([path], Options with { Threads = threads, MostWords = 5000 }))
            .Message.ShouldContain("more than 5000 distinct words");
    }

    [Fact]
    public void Validate_ManyMistakes_AreToldAtOnce()
    {
        var options = new TokenizerTrainingOptions
        {
            VocabularySize = 256, MinFrequency = 0, PreTokenizer = "bert", SpecialTokens = ["x", "<a>", "<a>"], EndToken = "<b>", Threads = 0, MostWords = 0,
        };
        var message = Should.Throw<ConfigException>(options.Validate).Message;
        foreach (var part in (string[])["256 entries", "frequency of 0", "'bert'", "'x'", "twice", "'<b>'", "0 threads", "0 words"])
            message.ShouldContain(part);
        Should.Throw<ConfigException>((options with { SpecialTokens = [] }).Validate).Message.ShouldContain("no special token");
    }

    [Fact]
    public void Train_SpecialTokenSpeltLikeAPiece_IsRefused()
    {
        using var texts = new TrainingTexts();
        var path = texts.Write("a.txt", " the the the the");
        Should.Throw<ConfigException>(() => TokenizerTrainer.Train([path], Options with { SpecialTokens = ["<|endoftext|>", "\u0120the"] }))
            .Message.ShouldContain("choose another spelling");
    }

    [Fact]
    public void Write_FolderWithSomethingElse_IsRefusedAndNothingChanges()
    {
        using var texts = new TrainingTexts();
        var trained = TokenizerTrainer.Train([texts.Write("a.txt", "some text, some text")], Options);
        trained.Write(texts.Out);
        Should.Throw<ConfigException>(() => trained.Write(texts.Out)).Message.ShouldContain("there is a tokenizer already");
        trained.Write(texts.Out + "/", overwrite: true);
        Directory.GetFiles(texts.Out).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"]);
        texts.Write("out/model.safetensors", "weights");
        Should.Throw<ConfigException>(() => trained.Write(texts.Out, overwrite: true)).Message.ShouldContain("'model.safetensors'");
        Should.Throw<ConfigException>(() => trained.Write(Path.Combine(texts.Folder, "a.txt"))).Message.ShouldContain("is a file");
        Should.Throw<ConfigException>(() => trained.Write(Path.Combine(texts.Folder, "x", "y"))).Message.ShouldContain("does not exist");
        Directory.GetFileSystemEntries(texts.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["a.txt", "out"]);
    }
}
