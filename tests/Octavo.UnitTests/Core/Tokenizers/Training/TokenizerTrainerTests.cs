using System.Globalization;
using System.Text;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.Training;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Training;

public class TokenizerTrainerTests
{
    public static TheoryData<string> PreTokenizers => [.. TokenizerTrainingOptions.PreTokenizers];

    private static TokenizerTrainingOptions Options => new() { VocabularySize = 700, Threads = 2 };

    [Fact]
    public void Train_AnyNumberOfThreadsOrAgain_GivesTheSameBytes()
    {
        using var texts = new TrainingTexts();
        texts.Write("in/a.txt", TrainingTexts.Sentences(400_000, 1));
        texts.Write("in/b/c.txt", TrainingTexts.Sentences(100_000, 2));
        var first = Files(texts, 1);
        foreach (var threads in (ReadOnlySpan<int>)[1, 2, 5])
        {
            foreach (var (mine, its) in first.Zip(Files(texts, threads)))
                its.ShouldBe(mine);
        }
    }

    [Theory, MemberData(nameof(PreTokenizers))]
    public void Write_EachPreTokenizer_EncodesAsTheLibraryDoes(string name)
    {
        using var texts = new TrainingTexts();
        var path = texts.Write("a.txt", TrainingTexts.Sentences(150_000, 3) + "Ünïcödé don't DON'T 12345 \u00BD\u00B2 你好，世界\n\n\n   x\r\ny ");
        var trained = TokenizerTrainer.Train([path], Options with { PreTokenizer = name });
        // the sentences have few words: when each is one piece, there is nothing left to merge
        trained.Tokenizer.VocabularySize.ShouldBeInRange(450, 700);
        trained.Write(texts.Out);
        Oracle.CompareOver(Path.Combine(texts.Out, "tokenizer.json"), 300);
        var tokenizer = TokenizerReader.FromFolder(texts.Out);
        RandomText.PlainTexts.Sample(
            text => tokenizer.Decode([.. tokenizer.Encode(text).Select(token => token.Id)]).ShouldBe(text), iter: 300, threads: 1);
        tokenizer.Encode(File.ReadAllText(path)).Count.ShouldBe((int)trained.TrainingTokens);
    }

    [Fact]
    public void Train_TextWithNumbers_NoPieceJoinsADigitToAnything()
    {
        using var texts = new TrainingTexts();
        var random = new SeededRandom(4);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(_ => random.Next(3) switch
        {
            0 => random.Next(100_000).ToString(CultureInfo.InvariantCulture),
            1 => "\u0663\u00BD\u2167"[random.Next(3)].ToString(),
            _ => new[] { " item", "x", "-", "  ", "\n" }[random.Next(5)],
        }));
        var trained = TokenizerTrainer.Train([texts.Write("a.txt", text)], Options with { VocabularySize = 400, MinFrequency = 1 });
        trained.Merges.ShouldBeGreaterThan(5);
        for (var id = 1; id < trained.Tokenizer.VocabularySize; id++)
        {
            var spelt = trained.Tokenizer.Decode([id]);
            if (spelt.EnumerateRunes().Any(Rune.IsNumber))
                spelt.EnumerateRunes().Count().ShouldBe(1, trained.Tokenizer.Piece(id));
        }
    }

    [Fact]
    public void Train_DocumentsOfThisRepository_HeldOutEnglishTakesAtMostFourTokensForTenBytes()
    {
        var root = Repository.Root;
        var trained = TokenizerTrainer.Train(
            [.. Directory.GetFiles(Path.Combine(root, "docs"), "*.md").Order(StringComparer.Ordinal)],
            new TokenizerTrainingOptions { VocabularySize = 4096, HeldOut = [Path.Combine(root, "README.md"), Path.Combine(root, "CONTRIBUTING.md")] });
        trained.IsHeldOut.ShouldBeTrue();
        trained.MeasuredBytes.ShouldBeGreaterThan(10_000);
        var rate = (double)trained.MeasuredTokens / trained.MeasuredBytes;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate:0.0000} tokens per byte over {trained.MeasuredBytes:N0} bytes"));
        rate.ShouldBeLessThan(0.4);
    }

    [Fact]
    public void Train_EnoughText_HoldsAPartInFiftyOut()
    {
        using var texts = new TrainingTexts();
        var whole = TrainingTexts.Sentences(7 << 20, 5);
        var trained = TokenizerTrainer.Train([texts.Write("a.txt", whole)], Options with { VocabularySize = 400 });
        trained.IsHeldOut.ShouldBeTrue();
        (trained.TrainingBytes + trained.MeasuredBytes).ShouldBe(whole.Length);
        trained.MeasuredBytes.ShouldBeInRange(whole.Length / 100, whole.Length / 50);
    }

    [Fact]
    public void Train_SameTextsInEachFormat_GiveTheSameMerges()
    {
        using var texts = new TrainingTexts();
        string[] rows = [.. TrainingTexts.Sentences(40_000, 6).Split('\n').Where(row => row.Length > 0)];
        var lines = string.Concat(rows.Select(row => $"{{\"id\": 1, \"text\": \"{row.Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}\n"));
        string Message(string row) => $"{{\"role\": \"user\", \"content\": \"{row}\"}}";
        var chats = string.Concat(rows.Chunk(2).Select(pair =>
            $"{{\"messages\": [{string.Join(", ", pair.Select(Message))}, {{\"role\": \"x\", \"content\": null}}]}}\r\n\n"));
        string[] paths =
        [
            texts.Write("a.jsonl", lines), texts.WritePacked("b.jsonl.gz", lines), texts.Write("c.jsonl", chats),
        ];
        foreach (var (row, index) in rows.Select((row, index) => (row, index)))
            texts.Write(string.Create(CultureInfo.InvariantCulture, $"rows/{index}.txt"), (index == 0 ? "\uFEFF" : "") + row);
        texts.WritePacked("rows.txt.gz", rows[0]);
        var expected = Pieces(TokenizerTrainer.Train([Path.Combine(texts.Folder, "rows")], Options));
        foreach (var path in paths)
            Pieces(TokenizerTrainer.Train([path], Options)).ShouldBe(expected, path);
        TokenizerTrainer.Train([Path.Combine(texts.Folder, "rows.txt.gz")], Options).TrainingBytes.ShouldBe(rows[0].Length);
    }

    [Fact]
    public void Train_SpecialTokensInTexts_AreNotLearnt()
    {
        using var texts = new TrainingTexts();
        var text = TrainingTexts.Sentences(30_000, 7);
        var options = Options with { SpecialTokens = ["<|endoftext|>", "<|turn|>"], EndToken = "<|turn|>" };
        var with = TokenizerTrainer.Train([texts.Write("a.txt", string.Join("<|turn|><|endoftext|>", text, text, text))], options);
        texts.Write("b/1.txt", text);
        texts.Write("b/2.txt", text);
        texts.Write("b/3.txt", text);
        Pieces(with).ShouldBe(Pieces(TokenizerTrainer.Train([Path.Combine(texts.Folder, "b")], options)));
        with.Tokenizer.Encode("<|turn|>").Single().Id.ShouldBe(1);
        (with.Tokenizer.BosId, with.Tokenizer.EosId).ShouldBe((0, 1));
        with.Tokenizer.IsSpecial(1).ShouldBeTrue();
    }

    [Fact]
    public void Train_TooLittleText_EndsEarlyAndMeasuresTheSameTexts()
    {
        using var texts = new TrainingTexts();
        var trained = TokenizerTrainer.Train([texts.Write("a.txt", "abab abab")], Options);
        trained.Tokenizer.VocabularySize.ShouldBe(1 + 256 + 2);
        trained.LastFrequency.ShouldBe(2);
        (trained.IsHeldOut, trained.MeasuredBytes, trained.MeasuredTokens, trained.Words).ShouldBe((false, 9, 3, 2));
    }

    private static List<byte[]> Files(TrainingTexts texts, int threads)
    {
        var trained = TokenizerTrainer.Train([Path.Combine(texts.Folder, "in")], Options with { Threads = threads });
        trained.Write(texts.Out, overwrite: true);
        return [.. Directory.GetFiles(texts.Out).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    private static List<string> Pieces(TrainedTokenizer trained) =>
        [.. Enumerable.Range(0, trained.Tokenizer.VocabularySize).Select(trained.Tokenizer.Piece)];
}
