using Octavo.Training.Configuration;
using Octavo.Training.Configuration.Yaml;
using Octavo.Training.Data;
using Octavo.Training.Data.Mixtures;

namespace Octavo.Cli.Data;

/// <summary>What <c>data check</c> looks at.</summary>
/// <param name="Files">The files with their forms and columns.</param>
/// <param name="Encoders">What encodes rows; null where no tokenizer is named.</param>
internal sealed record CheckedFiles(IReadOnlyList<DatasetOptions> Files, DataEncoders? Encoders)
{
    private const string TextFiles = "text_files";

    /// <summary>The files of a run's configuration, encoded as the run will.</summary>
    /// <param name="path">The YAML file of a recipe.</param>
    public static CheckedFiles OfConfig(string path)
    {
        // the two recipes differ in what they name their data by
        if (YamlReader.ReadFile(path).Entries.Any(entry => entry.Key == TextFiles))
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
}
