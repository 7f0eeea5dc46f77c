using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests.Training;

/// <summary>Runs of <c>octavo train sft</c> in processes of their own: a model of bytes that knows nothing, on conversations made from a seed.</summary>
internal sealed class TinyTraining
{
    private const string State = "trainer_state.json";

    private readonly string _folder;
    private readonly string _config;

    /// <summary>Writes model, data and configuration.</summary>
    /// <param name="folder">Where; each run gets a folder of its own there.</param>
    /// <param name="settings">Lines of the configuration beyond those that every run has.</param>
    /// <param name="conversations">Rows of the data.</param>
    /// <param name="layers">Of the model.</param>
    /// <param name="words">The longest answer.</param>
    public TinyTraining(string folder, string settings, int conversations = 48, int layers = 2, int words = 12)
    {
        _folder = folder;
        var model = TinyModels.WriteLlama(Path.Combine(folder, "base"), vocabularySize: TinyByteTokenizer.Size, layers: layers);
        TinyByteTokenizer.Write(model);
        var random = new SeededRandom(5);
        File.WriteAllLines(Path.Combine(folder, "data.jsonl"), Enumerable.Range(0, conversations).Select(_ => JsonSerializer.Serialize(new
        {
            messages = new[]
            {
                new { role = "user", content = Words(random, 3) },
                new { role = "assistant", content = Words(random, words) },
            },
        })));
        _config = Path.Combine(folder, "run.yaml");
        File.WriteAllText(_config, $"""
            model_name_or_path: base
            chat_template_name: tulu
            train_file: data.jsonl
            learning_rate: 0.01
            clip_grad_norm: 1.0
            logging_steps: 1
            threads: 1
            {settings}
            """);
    }

    /// <summary>A run's folder.</summary>
    public string Output(string name) => Path.Combine(_folder, name);

    /// <summary>What starts a run, or goes on with it.</summary>
    public IReadOnlyList<string> Arguments(string name, params string[] sets) =>
    [
        OctavoProgram.Path, "train", "sft", "-c", _config, "--set", $"output_dir={Output(name)}", .. sets.SelectMany(set => (string[])["--set", set]),
    ];

    /// <summary>Starts a run.</summary>
    public Process Start(string name, params string[] sets) => OctavoProgram.Start("dotnet", Arguments(name, sets));

    /// <summary>Runs to the end.</summary>
    public ProgramResult Run(string name, params string[] sets) => OctavoProgram.Finish(Start(name, sets));

    /// <summary>The steps of the checkpoints that have their name, in order.</summary>
    public IReadOnlyList<long> Checkpoints(string name) => !Directory.Exists(Output(name)) ? [] :
    [
        .. Directory.GetDirectories(Output(name)).Select(path => Path.GetFileName(path).Split('-'))
            .Where(parts => parts is ["checkpoint", var step] && step.All(char.IsAsciiDigit))
            .Select(parts => long.Parse(parts[1], CultureInfo.InvariantCulture)).Order(),
    ];

    /// <summary>A checkpoint's folder.</summary>
    public string Checkpoint(string name, long step) => Path.Combine(Output(name), string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step}"));

    /// <summary>Every figure that was logged and does not depend on the clock or the machine, a line for each step, digit by digit.</summary>
    public IReadOnlyList<string> Figures(string name)
    {
        string[] tags = ["step", "tokens", "train/loss", "train/objective", "train/lr", "train/grad_norm"];
        var result = OctavoProgram.Run("runs", "show", Output(name), "--export", "json");
        result.Exit.ShouldBe(0, result.Error);
        using var document = JsonDocument.Parse(result.Out);
        return
        [
            .. document.RootElement.GetProperty("steps").EnumerateArray()
                .Select(step => string.Join(' ', tags.Select(tag => step.GetProperty(tag).GetRawText()))),
        ];
    }

    /// <summary>Fails where two runs differ in a bit of their last checkpoint or of their model, or in a figure.</summary>
    public void RequireSame(string expected, string actual)
    {
        var last = Checkpoints(expected)[^1];
        Checkpoints(actual)[^1].ShouldBe(last);
        RequireSameFiles(Checkpoint(expected, last), Checkpoint(actual, last));
        RequireSameFiles(Path.Combine(Output(expected), "model"), Path.Combine(Output(actual), "model"));
        var figures = Figures(expected);
        figures.Count.ShouldBe((int)last);
        Figures(actual).ShouldBe(figures);
    }

    private static void RequireSameFiles(string expected, string actual)
    {
        var names = Directory.GetFiles(expected).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Directory.GetFiles(actual).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(names);
        names.ShouldContain(name => name!.EndsWith(".safetensors", StringComparison.Ordinal));
        var differing = names.Where(name => name is not (State or "manifest.json")
            && !File.ReadAllBytes(Path.Combine(actual, name!)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(expected, name!))));
        differing.ShouldBeEmpty(actual);
        if (names.Contains(State))
            ReadState(actual).ShouldBe(ReadState(expected), actual);
    }

    // without the commit of the sources, which somebody may make meanwhile; the manifest has a hash of it
    private static string ReadState(string folder)
    {
        var state = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, State)))!.AsObject();
        state.Remove("versions").ShouldBeTrue(folder);
        return state.ToJsonString();
    }

    private static string Words(SeededRandom random, int most)
    {
        string[] words = ["red", "blue", "seven", "boat", "tree", "a", "window", "sings", "over", "the"];
        return string.Join(' ', Enumerable.Range(0, 1 + random.Next(most)).Select(_ => words[random.Next(words.Length)]));
    }
}
