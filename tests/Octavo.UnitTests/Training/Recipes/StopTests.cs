using System.Text.Json;
using Octavo.Core;
using Octavo.Engine;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Octavo.Training.Data.Chats;
using Octavo.Training.Recipes;
using Octavo.UnitTests.Nn;
using Shouldly;

namespace Octavo.UnitTests.Training.Recipes;

/// <summary>The end token is learned although it is the padding token, too: answers end by themselves.</summary>
public class StopTests : TensorTest
{
    private const int Dialogues = 200;
    private const int Asked = 100;
    private const int MostTokens = 64;

    private static readonly string[] _things =
    [
        "apple", "boat", "cup", "door", "egg", "field", "gate", "hat", "ink", "jar",
        "kite", "lamp", "moon", "nest", "oak", "pen", "queen", "rope", "sun", "tent",
    ];

    private static readonly string[] _places =
    [
        "here", "there", "in the north", "in the south", "at home", "at sea", "up high", "down low", "far away", "next door",
    ];

    private static readonly string[] _colours = ["red", "blue", "green", "white", "black"];

    [Fact]
    public void Run_PaddingEqualToTheEndToken_AnswersStopByThemselves()
    {
        using var folder = new TemporaryFolder();
        var model = TinyByteTokenizer.Write(TinyModels.WriteLlama(folder.File("base"), contextLength: 512, vocabularySize: TinyByteTokenizer.Size));
        var (data, held) = WriteDialogues(folder);
        using (var padding = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(model, "tokenizer_config.json"))))
            padding.RootElement.GetProperty("pad_token").GetString().ShouldBe(padding.RootElement.GetProperty("eos_token").GetString());

        var outcome = Train(folder, model, data);
        var (before, _) = Stopped(model, held);
        var (after, empty) = Stopped(outcome.Model!, held);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{after} of {Asked} greedy answers stop ({before} before), {empty} of them empty; {outcome.Steps} steps, {outcome.Seconds:0.0} s");
        before.ShouldBeLessThan(Asked / 20);
        after.ShouldBeGreaterThanOrEqualTo(Asked * 95 / 100);
        empty.ShouldBe(0);
    }

    private static RunOutcome Train(TemporaryFolder folder, string model, string data)
    {
        var config = ConfigReader.ReadText<SftConfig>($"""
            model_name_or_path: {model}
            chat_template_name: tulu
            train_file: {data}
            output_dir: {folder.File("out")}
            per_device_train_batch_size: 8
            learning_rate: 0.01
            num_train_epochs: 8
            max_seq_length: 256
            clip_grad_norm: 1.0
            with_tracking: false
            """, "test", folder.Path, []);
        return TinyRun.Run(config);
    }

    // questions that are asked at the end are not among those that are learned
    private static (string Data, List<string> Held) WriteDialogues(TemporaryFolder folder)
    {
        var random = new SeededRandom(7);
        var pairs = _things.SelectMany(thing => _places.Select(place => (Thing: thing, Place: place)))
            .SelectMany(pair => (string[])[$"What colour is the {pair.Thing} {pair.Place}?", $"Tell me of the {pair.Thing} {pair.Place}."])
            .OrderBy(_ => random.NextUInt64()).ToList();
        var data = folder.File("data.jsonl");
        File.WriteAllLines(data, pairs.Take(Dialogues).Select(question => JsonSerializer.Serialize(new
        {
            messages = new[]
            {
                new { role = "user", content = question },
                new { role = "assistant", content = $"It is {_colours[random.Next(5)]}{(random.Next(2) == 0 ? "" : $" and {_colours[random.Next(5)]}")}." },
            },
        })));
        return (data, [.. pairs.Skip(Dialogues).Take(Asked)]);
    }

    private static (int Stopped, int Empty) Stopped(string model, List<string> questions)
    {
        using var loaded = LanguageModel.Load(model, new EngineOptions { Threads = 2 });
        var prompt = new ChatPrompt(BuiltInTemplates.Get("tulu"), loaded.Tokenizer);
        var greedy = new GenerationOptions { MaxTokens = MostTokens };
        var (stopped, empty) = (0, 0);
        foreach (var question in questions)
        {
            using var session = loaded.NewSession();
            var answer = new Generator(loaded, session, greedy).Run(prompt.Encode([("user", question)])).ToList();
            if (answer[^1].Finish == FinishReason.Stop)
                stopped++;
            if (answer.All(token => token.Text.Length == 0))
                empty++;
        }
        return (stopped, empty);
    }
}
