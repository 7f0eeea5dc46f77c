using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Store;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Octavo.Training.Recipes;
using Octavo.UnitTests.Training.Data;

namespace Octavo.UnitTests.Training.Recipes;

/// <summary>A run of the smallest model there is, on conversations made from a seed.</summary>
internal sealed class TinyRun
{
    private readonly string _folder;

    public TinyRun(string folder)
    {
        _folder = folder;
        var model = TinyModels.WriteLlama(Path.Combine(folder, "base"), contextLength: 512, vocabularySize: 259);
        Streams.Bytes(model);
        Data = Path.Combine(folder, "data.jsonl");
        var random = new SeededRandom(5);
        File.WriteAllLines(Data, Enumerable.Range(0, 24).Select(i => JsonSerializer.Serialize(new
        {
            messages = new[]
            {
                new { role = "user", content = new string((char)('a' + random.Next(6)), 3 + random.Next(9)) },
                new { role = "assistant", content = new string((char)('k' + random.Next(6)), 2 + random.Next(12)) },
            },
        })));
    }

    public string Data { get; }

    public string Output(string name) => Path.Combine(_folder, name);

    /// <summary>The configuration of a run with so many extra keys.</summary>
    public SftConfig Config(string name, params string[] sets) => ConfigReader.ReadText<SftConfig>($"""
        model_name_or_path: {Path.Combine(_folder, "base")}
        chat_template_name: tulu
        train_file: {Data}
        output_dir: {Output(name)}
        per_device_train_batch_size: 3
        gradient_accumulation_steps: 2
        learning_rate: 0.01
        num_train_epochs: 2
        max_seq_length: 128
        clip_grad_norm: 1.0
        logging_steps: 1
        threads: 1
        """, "test", _folder, sets);

    /// <summary>A run that begins a model anew from a folder of texts.</summary>
    public PretrainConfig Texts(string name)
    {
        var texts = Directory.CreateDirectory(Path.Combine(_folder, "texts")).FullName;
        for (var i = 0; i < 4; i++)
            File.WriteAllText(Path.Combine(texts, $"{i}.txt"), string.Concat(Enumerable.Repeat($"the cat sat on mat {i}. ", 30)));
        return ConfigReader.ReadText<PretrainConfig>($"""
            config_name: {Path.Combine(_folder, "base", "config.json")}
            tokenizer_name_or_path: {Path.Combine(_folder, "base")}
            text_files: [{texts}]
            output_dir: {Output(name)}
            per_device_train_batch_size: 2
            learning_rate: 0.01
            num_train_epochs: 4
            max_seq_length: 64
            logging_steps: 1
            """, "test", _folder, []);
    }

    /// <summary>Runs it; after so many steps of this call it is asked to stop.</summary>
    public static RunOutcome Run(SftConfig config, int? stopAfter = null, List<double>? losses = null, long free = long.MaxValue, List<string>? told = null) =>
        Run(host => Sft.Run(config, host), stopAfter, losses, free, told);

    /// <summary>The same of any recipe.</summary>
    public static RunOutcome Run(
        Func<RunHost, RunOutcome> recipe, int? stopAfter = null, List<double>? losses = null, long free = long.MaxValue, List<string>? told = null)
    {
        using var stop = new CancellationTokenSource();
        var steps = 0;
        return recipe(new RunHost(new ModelStore([], null), text => told?.Add(text), report =>
        {
            losses?.Add(report.Loss);
            if (++steps == stopAfter)
                stop.Cancel();
        }, "test", "test", "octavo train", free, stop.Token));
    }
}
