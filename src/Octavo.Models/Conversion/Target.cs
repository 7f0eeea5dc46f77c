using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.Models.Configs;
using Octavo.Models.Families;

namespace Octavo.Models.Conversion;

/// <summary>How a model is described in the format that it goes to: as a reader will find it, since it is read from the keys that will be written.</summary>
/// <param name="Model">The description there.</param>
/// <param name="Name">The format, for messages.</param>
/// <param name="Metadata">The keys of a GGUF file.</param>
/// <param name="Config">The text of config.json.</param>
internal sealed record Target(
    TextModel Model, string Name, IReadOnlyDictionary<string, object>? Metadata = null, JsonObject? Config = null)
{
    private const uint QuantizationVersion = 2;

    /// <summary>A GGUF file.</summary>
    public static Target Gguf(Checkpoint source, TensorType? type)
    {
        var keys = source.Metadata is { } metadata
            ? metadata.Values.Where(pair => !pair.Key.StartsWith("split.", StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            : GgufKeys.Of(source.Model, Architecture(source), withWindow: true);
        try
        {
            return Gguf(source, type, keys);
        }
        catch (UnsupportedException) when (source.Metadata is null && keys.Keys.Any(key => key.EndsWith(".attention.sliding_window", StringComparison.Ordinal)))
        {
            return Gguf(source, type, GgufKeys.Of(source.Model, Architecture(source), withWindow: false));
        }
    }

    private static Target Gguf(Checkpoint source, TensorType? type, Dictionary<string, object> keys)
    {
        if (type is not null || !keys.ContainsKey("general.file_type"))
            keys["general.file_type"] = FileType(type ?? Common(source));
        keys["general.quantization_version"] = QuantizationVersion;
        var views = ModelListing.Stored(source.Model).Where(source.Has);
        using var declared = new DeclaredTensors(source.Path, [
            .. views.Select(view => (view.Gguf, view.Shape)),
            .. GgufKeys.DivisorTensors(source.Model).Select(name => (name, (IReadOnlyList<int>)[1]))]);
        var family = Architectures.Select(new GgufMetadata(source.Path, keys), declared, out var config);
        return new Target(family.FromGguf!(config), $"a GGUF file of architecture {keys["general.architecture"]}", Metadata: keys);
    }

    /// <summary>A folder in the hub's layout.</summary>
    public static Target Hub(Checkpoint source, TensorType? type)
    {
        var dtype = (type ?? Common(source)) switch
        {
            TensorType.F16 => "float16",
            TensorType.BF16 => "bfloat16",
            _ => "float32",
        };
        if (source.Metadata is null)
        {
            var kept = JsonNode.Parse(File.ReadAllBytes(source.ConfigPath!))!.AsObject();
            kept[kept.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = dtype;
            return new Target(source.Model, "a folder in the hub's layout", Config: kept);
        }
        var family = Architectures.Families.First(known => known.Architectures.Contains(source.Model.Architecture));
        var keys = HubKeys.Of(source.Model, family.ModelType, dtype, view => TensorComparison.ReadFloats(source.Resolve(view)));
        // what no reader of this family looks at is left out
        foreach (var unknown in Describe(family, keys, source).Config.UnknownKeys)
            keys.Remove(unknown);
        return new Target(Describe(family, keys, source).Model, $"the configuration of {source.Model.Architecture}", Config: keys);
    }

    private static (TextModel Model, HubConfig Config) Describe(Family family, JsonObject keys, Checkpoint source)
    {
        var config = HubConfig.Parse(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(keys, JsonNodeContext.Default.JsonNode), $"the config.json of {source.Path}");
        return (Architectures.Select(config, out var architecture).FromHub(architecture, config), config);
    }

    private static string Architecture(Checkpoint source)
    {
        var family = Architectures.Families.First(known => known.Architectures.Contains(source.Model.Architecture));
        return family.GgufArchitecture ?? family.WrittenAs
            ?? throw new UnsupportedException(
                $"{source.Path}: GGUF has no architecture for {source.Model.Architecture}. "
                + $"Those that can be written: {string.Join(", ", Architectures.Families.Where(known => (known.GgufArchitecture ?? known.WrittenAs) is not null).Select(known => known.Architectures[0]))}.");
    }

    // what most of the bytes are stored as
    private static TensorType Common(Checkpoint source) => source.Weights.Tensors
        .GroupBy(tensor => tensor.Type).MaxBy(group => group.Sum(tensor => tensor.ByteLength))!.Key;

    // numbers of the format's own list of mixtures
    private static uint FileType(TensorType type) => type switch
    {
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q4_1 => 3,
        TensorType.Q8_0 => 7,
        TensorType.Q5_0 => 8,
        TensorType.Q5_1 => 9,
        TensorType.Q4_K => 14,
        TensorType.Q6_K => 18,
        TensorType.BF16 => 32,
        TensorType.TQ1_0 => 36,
        TensorType.TQ2_0 => 37,
        TensorType.MXFP4 => 38,
        _ => 0,
    };
}
