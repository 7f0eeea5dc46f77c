using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.Models.Configs;
using Octavo.Models.Families;

namespace Octavo.Models;

/// <summary>The text architectures that Octavo knows: the one list that a new family is added to.</summary>
public static class Architectures
{
    internal static IReadOnlyList<Family> Families { get; } =
    [
        Llama.Family, Qwen2.Family, Mistral.Family, Mixtral.Family, Qwen3.Family, Phi3.Family, InternLm2.Family, SmolLm3.Family, Gemma2.Family,
        Glm.Family, Glm.Family4, ChatGlm.Family, Olmo2.Family, Bert.Family, Bert.Roberta, Bert.XlmRoberta, Mpnet.Family,
    ];

    /// <summary>The names that <c>config.json</c> may give under <c>architectures</c>.</summary>
    public static IReadOnlyList<string> Supported { get; } = [.. Families.SelectMany(family => family.Architectures)];

    /// <summary>The names that a GGUF file may give under <c>general.architecture</c>.</summary>
    public static IReadOnlyList<string> SupportedGguf { get; } = [.. Families.Select(family => family.GgufArchitecture).OfType<string>().Distinct()];

    /// <summary>Describes the model of a <c>config.json</c>, without any weights.</summary>
    /// <param name="configPath">The file.</param>
    /// <exception cref="CheckpointException">The configuration is wrong; the message lists everything that is.</exception>
    /// <exception cref="UnsupportedException">The architecture, or something that the configuration asks for, is not supported.</exception>
    public static TextModel Describe(string configPath)
    {
        var json = HubConfig.Load(configPath);
        return Select(json, out var architecture).FromHub(architecture, json);
    }

    /// <summary>Finds the family of a config by <c>architectures</c>, or by <c>model_type</c> where none is named.</summary>
    internal static Family Select(HubConfig json, out string architecture)
    {
        var type = json.Text("model_type");
        var named = json.Texts("architectures") ?? [];
        json.Require(named.Count > 0 || type is not null, "architectures and model_type are both missing; one of them is expected.");
        json.Require(named.Count < 2, $"architectures names {named.Count} classes; one is expected.");
        json.Finish();
        var family = named.Count > 0
            ? Families.FirstOrDefault(f => f.Architectures.Contains(named[0]))
            : Families.FirstOrDefault(f => f.ModelType == type);
        if (family is null)
            throw Unsupported(json.Location, named.Count > 0 ? named[0] : type!, Supported);
        architecture = named.Count > 0 ? named[0] : family.Architectures[0];
        json.Require(
            type is null || type == family.ModelType, $"model_type is {ConfigReader.Show(type)}; {architecture} has \"{family.ModelType}\".");
        json.Finish();
        return family;
    }

    /// <summary>Finds the family of a GGUF file by <c>general.architecture</c>.</summary>
    internal static Family Select(GgufMetadata metadata, TensorSource tensors, out GgufConfig config)
    {
        if (metadata.Get("general.type", "model") is var kind && kind is not "model")
            throw new UnsupportedException($"{metadata.Location}: general.type is {ConfigReader.Show(kind)}, not a model. Give the model's own file.");
        var name = metadata.Get<string>("general.architecture");
        var file = config = new GgufConfig(metadata, name, tensors);
        return Families.FirstOrDefault(family => family.GgufArchitecture == name && family.Claims?.Invoke(file) == true)
            ?? Families.FirstOrDefault(family => family.GgufArchitecture == name && family.Claims is null)
            ?? throw Unsupported(metadata.Location, name, SupportedGguf);
    }

    private static UnsupportedException Unsupported(string location, string name, IReadOnlyList<string> known) =>
        new($"{location}: the architecture {ConfigReader.Show(name)} is not supported. Supported: {string.Join(", ", known)}.");
}
