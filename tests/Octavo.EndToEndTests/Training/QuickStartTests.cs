using System.Text.RegularExpressions;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests.Training;

/// <summary>The README's lines from nothing to a model of one's own, typed as they stand there; only model and sizes are smaller.</summary>
public partial class QuickStartTests
{
    private const string Heading = "## Fine-tune and chat with your own model";
    private const int Lines = 12;

    private const string ChatMl = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static readonly string[] _sizes =
    [
        "max_train_steps=4", "max_seq_length=512", "per_device_train_batch_size=2", "lora_rank=2", "eval_steps=2", "checkpointing_steps=2",
        "logging_steps=1", "threads=1",
    ];

    [Fact]
    public void Readme_FineTuneAndChat_RunsAsItStands()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the lines are a shell's");
        var lines = Block();
        lines.Count.ShouldBeLessThanOrEqualTo(Lines);
        using var folder = new TemporaryFolder();
        Prepare(folder);
        var model = TinyByteTokenizer.Write(TinyModels.WriteLlama(folder.File("tiny"), vocabularySize: TinyByteTokenizer.Size), ChatMl);
        List<string> said = [];
        foreach (var line in lines)
        {
            var result = OctavoProgram.Finish(OctavoProgram.Start("sh", ["-ec", Smaller(line, model)], folder.Path));
            result.Exit.ShouldBe(0, $"{line}\n{result.Error}");
            said.Add(result.Out);
        }
        File.ReadLines(folder.File("output/data/gsm-train.jsonl")).Count().ShouldBe(40);
        said[^2].ShouldContain("output/sft-lora/model");
        File.Exists(folder.File("output/sft-lora/model/adapter_model.safetensors")).ShouldBeTrue();
        // it knows nothing after four steps, but it answers
        said[^1].Trim().ShouldNotBeEmpty();
    }

    private static List<string> Block()
    {
        var readme = File.ReadAllText(Repository.At("README.md"));
        var at = readme.IndexOf(Heading, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, $"README.md has no heading '{Heading}'");
        var parts = readme[at..].Split("```");
        return [.. parts[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    // what a clone has at its root
    private static void Prepare(TemporaryFolder folder)
    {
        var script = folder.File("octavo");
        File.WriteAllText(script, $"#!/bin/sh\nexec dotnet '{OctavoProgram.Path}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(folder.File("models"), Repository.At("models"));
        var recipes = Directory.CreateDirectory(folder.File("recipes/local")).FullName;
        foreach (var recipe in Directory.GetFiles(Repository.At("recipes", "local")))
            File.Copy(recipe, Path.Combine(recipes, Path.GetFileName(recipe)));
    }

    private static string Smaller(string line, string model)
    {
        if (line.StartsWith("./octavo train", StringComparison.Ordinal))
            return $"{line} {string.Join(' ', _sizes.Prepend($"model_name_or_path={model}").Select(set => $"--set {set}"))}";
        // chat takes the bundled model where none is named, and the adapter is of the small one
        return line.StartsWith("./octavo chat", StringComparison.Ordinal)
            ? $"{line} --model {model} --max-tokens 32"
            : Count().Replace(line, "--count ${hundreds}");
    }

    [GeneratedRegex("--count (?<hundreds>[0-9]+)00\\b")]
    private static partial Regex Count();
}
