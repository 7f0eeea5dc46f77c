using Octavo.Core;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

/// <summary>Short configurations for tests.</summary>
internal static class ConfigTexts
{
    /// <summary>What relative paths start from in these tests.</summary>
    public const string Folder = "/project/runs";

    /// <summary>The least that fine-tuning needs.</summary>
    public const string Sft = "model_name_or_path: org/model\ntrain_file: data.jsonl\noutput_dir: out\n";

    /// <summary>The same with lines behind it.</summary>
    public static SftConfig Read(string lines = "", params string[] sets) => ConfigReader.ReadText<SftConfig>(Sft + lines, "run.yaml", Folder, sets);

    /// <summary>The error that lines behind it give.</summary>
    public static string Error(string lines = "", params string[] sets) => Should.Throw<ConfigException>(() => Read(lines, sets)).Message;

    /// <summary>The error of a whole text.</summary>
    public static string ErrorOf(string text) =>
        Should.Throw<ConfigException>(() => ConfigReader.ReadText<SftConfig>(text, "run.yaml", Folder)).Message;
}
