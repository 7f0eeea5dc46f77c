using System.Text;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Octavo.Training.Data;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Mixtures;
using Octavo.UnitTests.Cli;
using Shouldly;

namespace Octavo.UnitTests.Training.Data;

public sealed class ConfiguredDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_Sft_TakesOverWhatTheConfigurationSays()
    {
        var config = ConfigReader.ReadText<SftConfig>("""
            model_name_or_path: m
            output_dir: o
            dataset_mixer: {a.jsonl: 300, b.jsonl: 20}
            dataset_mixer_seed: 7
            max_train_samples: 100
            dataset_columns: {prompt: q, completion: a}
            truncation: drop
            packing: true
            max_seq_length: 512
            per_device_train_batch_size: 4
            seed: 9
            """, "run.yaml", _folder.Path);
        var data = ConfiguredData.Of(config, 2048);
        data.Mixture.Datasets.Select(file => (Path.GetFileName(file.Path), file.Count, file.Fraction, file.Form))
            .ShouldBe([("a.jsonl", 300, null, "prompt-completion"), ("b.jsonl", 20, null, "prompt-completion")]);
        data.Mixture.Datasets[0].Columns.ShouldBe(new Dictionary<string, string> { ["prompt"] = "q", ["completion"] = "a" });
        (data.Mixture.SelectionSeed, data.Mixture.Seed, data.Mixture.MostRows).ShouldBe((7UL, 9UL, 100));
        (data.Encoding.MaxLength, data.Encoding.TooLong).ShouldBe((512, LengthPolicy.Drop));
        data.Batches.ShouldBe(new BatchOptions { Rows = 4, Layout = BatchLayout.Pack, Length = 512 });
    }

    [Fact]
    public void Of_SftWithSamplingWeights_DrawsInTheirProportion()
    {
        Streams.Write(_folder, "a.jsonl", 20, 1);
        Streams.Write(_folder, "b.jsonl", 8, 2);
        const string Text = "model_name_or_path: m\noutput_dir: o\ndataset_mixer: [{path: a.jsonl, sampling_weight: 3}, {path: b.jsonl, sampling_weight: 1}]\n";
        var all = ConfiguredData.Of(ConfigReader.ReadText<SftConfig>(Text, "run.yaml", _folder.Path), 2048);
        all.Mixture.Datasets.Select(file => (file.Weight, file.Count, file.Fraction)).ShouldBe([(3, null, null), (1, null, null)]);
        (all.Mixture.MostRows, all.Mixture.DrawsPerEpoch).ShouldBe((null, null));
        using var whole = Mixture.Open(all.Mixture);
        whole.Order(0).Length.ShouldBe(28);
        var drawn = ConfiguredData.Of(ConfigReader.ReadText<SftConfig>(Text + "max_train_samples: 4000\n", "run.yaml", _folder.Path), 2048);
        using var mixture = Mixture.Open(drawn.Mixture);
        var order = mixture.Order(0);
        order.Length.ShouldBe(4000);
        // four standard deviations of a draw at 3/4
        Math.Abs(order.Count(row => mixture.Read(row).Source.EndsWith("a.jsonl", StringComparison.Ordinal)) - 3000).ShouldBeLessThan(110);
    }

    [Fact]
    public void Of_SftOfOneFile_TakesAllOfItUpToTheContext()
    {
        var config = ConfigReader.ReadText<SftConfig>("model_name_or_path: m\noutput_dir: o\ntrain_file: a.jsonl\n", "run.yaml", _folder.Path);
        var data = ConfiguredData.Of(config, 2048);
        var file = data.Mixture.Datasets.ShouldHaveSingleItem();
        (file.Count, file.Fraction, file.Form, file.Columns.Count).ShouldBe((null, null, null, 0));
        (data.Encoding.MaxLength, data.Encoding.TooLong, data.Batches.Layout).ShouldBe((2048, LengthPolicy.Truncate, BatchLayout.Pad));
    }

    [Fact]
    public void Of_Pretrain_FindsTheFilesOfAFolderInOrder()
    {
        foreach (var name in (string[])["b.txt", "a.jsonl", "c.bin"])
            _folder.Write(name, "x"u8.ToArray());
        var config = ConfigReader.ReadText<PretrainConfig>(
            "config_name: nano\ntokenizer_name_or_path: t\noutput_dir: o\ntext_files: [.]\ntext_column: body\nmax_seq_length: 128\n", "run.yaml", _folder.Path);
        var data = ConfiguredData.Of(config, 2048);
        data.Mixture.Datasets.Select(file => (Path.GetFileName(file.Path), file.Columns.GetValueOrDefault("text")))
            .ShouldBe([("a.jsonl", "body"), ("b.txt", null)]);
        (data.Batches.Layout, data.Batches.Length, data.Encoding.MaxLength).ShouldBe((BatchLayout.Wrap, 128, null));
        var empty = ConfigReader.ReadText<PretrainConfig>(
            "config_name: nano\ntokenizer_name_or_path: t\noutput_dir: o\ntext_files: [none]\n", "run.yaml", _folder.Path);
        Directory.CreateDirectory(_folder.File("none"));
        Should.Throw<InputFileException>(() => ConfiguredData.Of(empty, 9)).Message.ShouldContain("no data files");
    }

    [Fact]
    public void Check_Config_ChecksItsFiles()
    {
        _folder.Write("a.jsonl", Encoding.UTF8.GetBytes("""{"q": "Hi", "a": "Hello"}""" + "\n" + """{"q": "Hi"}"""));
        var config = _folder.Write("run.yaml", Encoding.UTF8.GetBytes($"""
            model_name_or_path: {Repository.BundledModel}
            chat_template_name: tulu
            output_dir: o
            train_file: a.jsonl
            dataset_columns: {"{prompt: q, completion: a}"}
            max_seq_length: 64
            """));
        using var terminal = new FakeTerminal();
        terminal.Run("data", "check", "-c", config).ShouldBe(5, terminal.Error);
        terminal.Out.ShouldContain("1 of 2 rows have errors");
        terminal.Out.ShouldContain("are learned");
        // what a recipe is told by is its key, however it is written
        _folder.Write("texts.txt", "Some text."u8.ToArray());
        var texts = _folder.Write("texts.yaml", Encoding.UTF8.GetBytes(
            $"{{\"config_name\": nano, tokenizer_name_or_path: {Repository.BundledModel}, output_dir: o, \"text_files\": [texts.txt]}}"));
        using var flow = new FakeTerminal();
        flow.Run("data", "check", "-c", texts).ShouldBe(0, flow.Error);
        flow.Out.ShouldContain("texts.txt");
        using var both = new FakeTerminal();
        both.Run("data", "check", "-c", config, "--turns", "last").ShouldBe(2);
        both.Error.ShouldContain("--turns and --config");
    }
}
