using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Cli.Estimate;
using Octavo.Cli.Output;
using Octavo.Core.Tensors;
using Octavo.Models;

namespace Octavo.Cli.Inspect;

/// <summary>An inspection for people.</summary>
internal static partial class InspectionText
{
    private const int LongestValue = 100;

    public static void Write(Inspection inspection, Terminal terminal, bool allTensors)
    {
        var rich = new Rich(terminal);
        rich.Title(inspection.Path);
        rich.Facts(Facts(inspection));
        var settings = Settings(inspection).ToList();
        if (settings.Count > 0)
        {
            terminal.Out.WriteLine();
            rich.Title(inspection.Metadata is null ? "config.json" : "Metadata");
            rich.Facts(settings);
        }
        if (inspection.Tensors is null)
            return;
        terminal.Out.WriteLine();
        rich.Title("Tensors");
        rich.Table(["name", ">count", "type", "shape", ">bytes each"], Rows(inspection.Tensors.Tensors, allTensors));
    }

    private static IEnumerable<(string Name, string Value)> Facts(Inspection inspection)
    {
        var types = inspection.Types.ToList();
        if (inspection.Tensors is { } tensors)
        {
            yield return ("Format", inspection.Files!);
            yield return ("Weights", $"{Some(tensors.Tensors.Count, "tensor")}, {Rich.Bytes(inspection.StoredBytes)}"
                + (types.Count == 1 ? $", all {types[0].Type}" : ""));
        }
        foreach (var (type, count, bytes) in types.Where(_ => types.Count > 1))
            yield return ("", $"{type}: {Some(count, "tensor")}, {Rich.Bytes(bytes)}");
        if (inspection.Model is { } model)
        {
            yield return ("Architecture", $"{model.Architecture}: {Shape(model)}");
            yield return ("Parameters", Rich.Count(ModelListing.ParameterCount(model)));
            yield return ("Context", $"{Rich.Count(model.ContextLength)} tokens");
        }
        if (inspection.Memory is { } memory)
        {
            yield return ("Memory", $"{Rich.Bytes(memory.Total)} at full context: "
                + string.Join(", ", memory.Parts.OrderByDescending(part => part.Bytes).Take(4).Select(part => $"{PartText.Name(part.Use)} {Rich.Bytes(part.Bytes)}"))
                + " … (`octavo estimate` tells all)");
        }
        if (inspection.Unsupported is { } reason)
            yield return ("Cannot be run", reason);
        yield return ("Tokenizer", inspection.Tokenizer is { } tokenizer
            ? $"{Rich.Count(tokenizer.VocabularySize)} entries, begins {Named(tokenizer, tokenizer.BosId)}, "
                + $"ends {string.Join(" or ", inspection.StopIds.Select(id => Named(tokenizer, id)))}"
            : $"none: {inspection.NoTokenizer}");
        yield return ("Chat template", inspection.Template is { } template
            ? $"{template.Length} characters (`octavo template --source` prints it)"
            : "none");
        foreach (var note in inspection.Notes)
            yield return ("Note", note);
        if (inspection.UnknownKeys.Count > 0)
            yield return ("Not used", string.Join(", ", inspection.UnknownKeys));
    }

    private static string Named(Core.Tokenizers.Tokenizer tokenizer, int? id) => id is { } known ? $"{tokenizer.Piece(known)} ({known})" : "with nothing";

    private static string Shape(TextModel model)
    {
        var layers = model.Stacks[0].Layers;
        var parts = layers[0].Parts.Select(part => part.Mix).ToList();
        var text = $"{Some(layers.Count, "layer")}, width {model.HiddenSize}";
        if (parts.OfType<Attention>().FirstOrDefault() is { } attention)
        {
            text += attention.Heads == attention.KvHeads
                ? $", {Some(attention.Heads, "head")} of {attention.HeadDim}"
                : $", {attention.Heads} query heads on {Some(attention.KvHeads, "key-value head")} of {attention.HeadDim}";
        }
        if (parts.OfType<Mlp>().FirstOrDefault() is { } mlp)
            text += $", feed-forward {mlp.Down.W.Shape[^1]}";
        if (parts.OfType<Experts>().FirstOrDefault() is { } experts)
            text += $", {experts.Each.Count} experts of {experts.Each[0].Down.W.Shape[^1]}, {experts.Active} of them for each token";
        var attentions = layers.SelectMany(layer => layer.Parts).Select(part => part.Mix).OfType<Attention>().ToList();
        var windows = attentions.Select(part => part.Visible.Window).OfType<int>().ToList();
        if (windows.Count > 0)
            text += $", window {windows[0]} in {Some(windows.Count, "layer")}";
        if (attentions.Any(part => !part.Visible.IsCausal))
            text += ", an encoder";
        return text + $", vocabulary {Rich.Count(model.VocabularySize)}";
    }

    private static string Some(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static IEnumerable<(string Name, string Value)> Settings(Inspection inspection) => inspection.Metadata is { } metadata
        ? metadata.Values.Select(pair => (pair.Key, Value(pair.Value)))
        : (inspection.Config ?? []).Select(pair => (pair.Key, Cut(pair.Value?.ToJsonString() ?? "null")));

    private static string Value(object value) => value switch
    {
        Array { Length: > 8 } array => $"[{array.Length} of {array.GetType().GetElementType()!.Name}]",
        Array array => $"[{string.Join(", ", array.Cast<object>().Select(Value))}]",
        _ => Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings("⏎");
        return line.Length <= LongestValue ? line : $"{line[..LongestValue]}… ({text.Length} characters)";
    }

    private static IEnumerable<IReadOnlyList<Spectre.Console.Rendering.IRenderable>> Rows(IReadOnlyList<StoredTensor> tensors, bool all)
    {
        var groups = all
            ? tensors.Select(tensor => (tensor.Name, Tensors: new[] { tensor }))
            : tensors.GroupBy(tensor => (Name: Numbered(tensor.Name), tensor.Type, Shape: string.Join(" × ", tensor.Shape)))
                .Select(group => (group.Key.Name, Tensors: group.ToArray()));
        foreach (var (name, members) in groups)
        {
            var first = members[0];
            yield return
            [
                Rich.Plain(members.Length == 1 ? first.Name : name), Rich.Plain(members.Length.ToString(CultureInfo.InvariantCulture)),
                Rich.Plain(first.Type.ToString()), Rich.Plain(string.Join(" × ", first.Shape)), Rich.Plain(Rich.Bytes(first.ByteLength)),
            ];
        }
    }

    /// <summary>One name for the same tensor of all layers, and of all experts.</summary>
    private static string Numbered(string name) => ExpertNumber().Replace(LayerNumber().Replace(name, ".N.", 1), "experts.E.");

    [GeneratedRegex(@"experts\.\d+\.")]
    private static partial Regex ExpertNumber();

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex LayerNumber();
}
