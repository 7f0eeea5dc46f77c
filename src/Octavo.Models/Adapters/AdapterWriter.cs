using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Store;
using Octavo.Core.Tensors;
using Octavo.Models.Conversion;

namespace Octavo.Models.Adapters;

/// <summary>Writes an adapter's folder aside and gives it its name when it is whole.</summary>
internal static class AdapterWriter
{
    private const string Card = "README.md";

    public static void Write(Adapter adapter, string path, bool overwrite)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            if (!overwrite)
                throw ModelWriter.Exists(path);
            RefuseForeign(path);
        }
        using var made = new IncompleteFolder(path);
        made.Write(aside =>
        {
            File.WriteAllBytes(Path.Combine(aside, AdapterNames.Config), AdapterConfigWriter.Write(adapter.Config));
            File.WriteAllText(Path.Combine(aside, Card), CardOf(adapter), new UTF8Encoding(false));
        });
        SafetensorsWriter.Write(Path.Combine(made.Aside, AdapterNames.Weights), Tensors(adapter), new Dictionary<string, string> { ["format"] = "pt" });
        made.Keep(overwrite);
    }

    private static List<OutgoingTensor> Tensors(Adapter adapter)
    {
        List<OutgoingTensor> tensors = [];
        foreach (var module in adapter.Modules)
        {
            tensors.Add(Tensor(module, AdapterNames.A, module.A, [module.Rank, module.Inputs]));
            tensors.Add(Tensor(module, AdapterNames.B, module.B, [module.Outputs, module.Rank]));
            if (module.Magnitude is { IsEmpty: false } magnitude)
                tensors.Add(Tensor(module, AdapterNames.Magnitude, magnitude, [module.Outputs]));
        }
        return tensors;
    }

    private static OutgoingTensor Tensor(AdapterModule module, string part, ReadOnlyMemory<float> numbers, long[] shape) =>
        new(AdapterNames.Tensor(module.Name, part), TensorType.F32, shape, stream => stream.Write(MemoryMarshal.AsBytes(numbers.Span)));

    private static void RefuseForeign(string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            if (Path.GetFileName(entry) is not (AdapterNames.Config or AdapterNames.Weights or Card) and var name)
                throw new ConfigException($"{folder}: the folder holds '{name}', which belongs to no adapter, and overwriting would take it away. Choose another place.");
        }
    }

    /// <summary>The model card, with what the hub reads in front.</summary>
    private static string CardOf(Adapter adapter)
    {
        var (config, text) = (adapter.Config, new StringBuilder("---\n"));
        if (config.BaseModel is { } named)
            text.Append(CultureInfo.InvariantCulture, $"base_model: {Yaml(named)}\n");
        text.Append("library_name: peft\npipeline_tag: text-generation\ntags:\n");
        if (config.BaseModel is { } tagged)
            text.Append(CultureInfo.InvariantCulture, $"- {Yaml("base_model:adapter:" + tagged)}\n");
        text.Append("- lora\n---\n\n");
        var kind = (config.Dora ? "DoRA" : "LoRA") + (config.RankStabilized ? ", rank-stabilised" : "");
        text.Append(CultureInfo.InvariantCulture, $"# Adapter{(config.BaseModel is { } of ? $" of {of}" : "")}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{kind}, rank {config.Rank}, alpha {config.Alpha}, {adapter.Modules.Count} matrices, ");
        text.Append(CultureInfo.InvariantCulture, $"{adapter.ParameterCount} numbers, in PEFT's format.\n\n");
        return text.Append("Run it with `octavo chat --model MODEL --adapter THIS_FOLDER`, or load it with PEFT.\n").ToString();
    }

    // a text in double quotes means the same in JSON and YAML
    private static string Yaml(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
        ? text
        : $"\"{JsonEncodedText.Encode(text)}\"";
}
