using System.Text.RegularExpressions;
using Octavo.Training.Configuration;
using Octavo.Training.Data;
using Octavo.Training.Data.Mixtures;

namespace Octavo.Cli.Data;

/// <summary>What <c>data check</c> looks at.</summary>
/// <param name="Files">The files with their forms and columns.</param>
/// <param name="Encoders">What encodes rows; null where no tokenizer is named.</param>
internal sealed partial record CheckedFiles(IReadOnlyList<DatasetOptions> Files, DataEncoders? Encoders)
{
    /// <summary>The files of a run's configuration, encoded as the run will.</summary>
    /// <param name="path">The YAML file of a recipe.</param>
    public static CheckedFiles OfConfig(string path)
    {
        // the two recipes differ in what they name their data by
        if (TextFiles().IsMatch(InputFile.ReadText(path)))
        {
            var texts = ConfigReader.Read<PretrainConfig>(path);
            return Of(ConfiguredData.Of(texts, int.MaxValue), texts.Model.TokenizerNameOrPath, null);
        }
        var config = ConfigReader.Read<SftConfig>(path);
        return Of(
            ConfiguredData.Of(config, null), config.Model.TokenizerNameOrPath ?? config.Model.ModelNameOrPath, config.Model.ChatTemplateName);
    }

    private static CheckedFiles Of(ConfiguredData data, string model, string? template) =>
        new(data.Mixture.Datasets, DataEncoders.Load(Installation.Models.Resolve(model), template, data.Encoding));

    [GeneratedRegex(@"^text_files\s*:", RegexOptions.Multiline)]
    private static partial Regex TextFiles();
}
