using System.Text;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Octavo.Training.Configuration.Yaml;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

public class YamlReaderTests
{
    [Theory]
    [InlineData("seed: 1\nseed: 2\n", "run.yaml: line 2, column 1: the key 'seed' stands twice; the first is at line 1, column 1. Remove one.")]
    [InlineData("spike_guard:\n\twindow: 2\n", "run.yaml: line 2, column 1: a tab in the indentation. YAML indents with spaces only.")]
    [InlineData("spike_guard:\n  \twindow: 2\n", "run.yaml: line 2, column 3: a tab in the indentation. YAML indents with spaces only.")]
    [InlineData("seed: &a 1\n", "run.yaml: line 1, column 7: the anchor '&a'. Write values out where they are used.")]
    [InlineData("seed: *a\n", "run.yaml: line 1, column 7: '*a' repeats an anchored value. Write the value out.")]
    [InlineData("seed: !!int 1\n", "run.yaml: line 1, column 7: the tag 'tag:yaml.org,2002:int'. Types come from the keys; remove it.")]
    [InlineData("seed: !x 1\n", "run.yaml: line 1, column 7: the tag '!x'. Types come from the keys; remove it.")]
    [InlineData("spike_guard:\n  <<: {window: 2}\n", "run.yaml: line 2, column 3: '<<' merges keys of elsewhere. Write the keys out.")]
    [InlineData("seed: 1\n---\nseed: 2\n", "run.yaml: line 2, column 1: a second document begins; a configuration is one document. Remove the '---'.")]
    [InlineData("- seed\n", "run.yaml: line 1, column 1: expected lines of 'key: value', found a list of 1.")]
    [InlineData("seed\n", "run.yaml: line 1, column 1: expected lines of 'key: value', found 'seed'.")]
    [InlineData("seed: 1\u0000\n", "run.yaml: line 1, column 8: the control character U+0000. Remove it.")]
    public void Read_WhatReadersDisagreeOn_IsRefusedWithItsPlace(string text, string said) => ConfigTexts.ErrorOf(text).ShouldBe(said);

    [Theory]
    [InlineData("seed: [1\n")]
    [InlineData("seed: \"1\n")]
    [InlineData("seed: 1\n  window: 2\n")]
    [InlineData("a: b: c\n")]
    [InlineData("seed: @x\n")]
    [InlineData("%YAML 3.0\n---\nseed: 1\n")]
    public void Read_NotYaml_SaysWhere(string text) =>
        ConfigTexts.ErrorOf(text).ShouldMatch("^run.yaml: line [0-9]+, column [0-9]+: not valid YAML: ");

    [Fact]
    public void Read_Nesting_EndsAtALimit() =>
        ConfigTexts.ErrorOf($"seed: {new string('[', 5000)}{new string(']', 5000)}\n").ShouldContain("nested more than 16 deep");

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("null\n")]
    public void Read_Empty_MissesWhatIsRequired(string text)
    {
        var error = ConfigTexts.ErrorOf(text);
        error.ShouldContain("'model_name_or_path' is missing");
        error.ShouldContain("'output_dir' is missing");
        error.ShouldContain("dataset_mixer or train_file is needed");
    }

    [Fact]
    public void ReadFile_BytesThatAreNoText_AreRefused()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<ConfigException>(() => YamlReader.ReadFile(folder.Write("a.yaml", [0x61, 0x3a, 0x20, 0xff])))
            .Message.ShouldContain("byte 3 is not UTF-8");
        Should.Throw<ConfigException>(() => YamlReader.ReadFile(folder.Write("b.yaml", new byte[(1 << 20) + 1])))
            .Message.ShouldContain("no configuration");
        YamlReader.ReadFile(folder.Write("c.yaml", [.. Encoding.UTF8.Preamble, .. "seed: 1"u8])).Entries.Single().Key.ShouldBe("seed");
        Should.Throw<InputFileException>(() => YamlReader.ReadFile(folder.Path));
    }

    [Fact]
    public void Read_RandomTexts_GiveAConfigurationOrOneOfOurErrors()
    {
        var random = new SeededRandom(7);
        string[] pieces =
        [
            "seed", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "\"", "'", "1", "1e-4", "#", "&a", "*a", "!", "|", ">", ",", "?", "true",
            "\t", "é", "spike_guard", "window", "<<", "%", "@", "---",
        ];
        var (read, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 1 + random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                ConfigReader.ReadText<SftConfig>(ConfigTexts.Sft + text, "run.yaml", ConfigTexts.Folder);
                read++;
            }
            catch (ConfigException error)
            {
                error.Message.ShouldStartWith("run.yaml: ");
                refused++;
            }
        }
        read.ShouldBeGreaterThan(100);
        refused.ShouldBeGreaterThan(1000);
    }
}
