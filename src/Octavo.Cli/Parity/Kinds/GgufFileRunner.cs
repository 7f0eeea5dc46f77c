using System.Globalization;
using System.Text.Json;
using Octavo.Core.Gguf;
using Octavo.Engine;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A whole GGUF file: its tensors and metadata as listed, its logits, and the ids of its own vocabulary.</summary>
internal sealed class GgufFileRunner : GoldenRunner
{
    public override string Kind => "gguf-file";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var path = golden.PathOf(golden.Option("file").GetString()!);
        using var model = LanguageModel.Load(path, context.Engine);
        var file = (GgufFile)model.Checkpoint.Weights;
        using var encoder = model.IsEncoder ? new TextEncoder(model) : null;
        List<OutputCheck> checks = [.. encoder is null ? DecoderRunner.Run(golden, model, context) : TextEncoderRunner.Run(golden, encoder)];
        checks.Add(CheckTensors(file, golden.Option("tensors")));
        checks.Add(CheckMetadata(file.Metadata, golden.Option("metadata")));
        if (File.Exists(golden.PathOf("cases.json")))
            checks.Add(CheckIds(golden, model, context));
        return checks;
    }

    private static OutputCheck CheckTensors(GgufFile file, JsonElement listed)
    {
        var check = new CaseCheck("tensors");
        var expected = listed.EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => tensor.Value.GetString()!);
        check.Add(file.Tensors.Count == expected.Count, () => $"{file.Tensors.Count} tensors instead of {expected.Count}");
        foreach (var tensor in file.Tensors)
        {
            // The listing has the fastest dimension first, as the file does.
            var actual = $"{tensor.Type} {string.Join('x', tensor.Shape.Reverse())}";
            check.AddText(tensor.Name, actual, expected.GetValueOrDefault(tensor.Name, "no such tensor"));
        }
        return check.Outcome()!;
    }

    private static OutputCheck CheckMetadata(GgufMetadata metadata, JsonElement listed)
    {
        var check = new CaseCheck("metadata");
        foreach (var pair in listed.EnumerateObject())
        {
            var found = metadata.Values.GetValueOrDefault(pair.Name);
            check.Add(IsSame(found, pair.Value), () => $"{pair.Name}: {found} instead of {pair.Value}");
        }
        return check.Outcome()!;
    }

    private static bool IsSame(object? found, JsonElement expected) => expected.ValueKind switch
    {
        JsonValueKind.String => found is string text && text == expected.GetString(),
        JsonValueKind.True or JsonValueKind.False => found is bool flag && flag == expected.GetBoolean(),
        JsonValueKind.Array => found is Array array && array.Length == expected.GetArrayLength()
            && array.Cast<object>().Zip(expected.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
        JsonValueKind.Number => found is IConvertible and not string and not bool
            && Convert.ToDouble(found, CultureInfo.InvariantCulture).Equals(expected.GetDouble()),
        _ => false,
    };

    private static OutputCheck CheckIds(Golden golden, LanguageModel model, ParityContext context)
    {
        var check = new CaseCheck("ids");
        foreach (var entry in golden.Cases(context))
        {
            var text = entry.GetProperty("text").GetString()!;
            var ids = model.Tokenizer.Encode(text).Select(token => token.Id).ToList();
            check.AddList(CaseCheck.Quote(text), ids, [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())]);
        }
        return check.Outcome()!;
    }
}
