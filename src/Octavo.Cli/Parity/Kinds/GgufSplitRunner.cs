using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.Engine;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A GGUF model in parts: opened by the first, every tensor there, equal to the whole file bit for bit, and its logits.</summary>
internal sealed class GgufSplitRunner : GoldenRunner
{
    public override string Kind => "gguf-split";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var first = golden.Option("parts")[0].GetString()!;
        using var model = LanguageModel.Load(golden.PathOf(first), context.Engine);
        var file = (GgufFile)model.Checkpoint.Weights;
        List<OutputCheck> checks = [.. DecoderRunner.Run(golden, model, context)];
        checks.Add(CheckParts(file, [.. golden.Option("split").EnumerateArray()]));
        checks.Add(CheckWhole(file, golden));
        return checks;
    }

    private static OutputCheck CheckParts(GgufFile file, IReadOnlyList<JsonElement> expected)
    {
        var check = new CaseCheck("parts");
        check.Add(file.Parts.Count == expected.Count, () => $"{file.Parts.Count} parts instead of {expected.Count}");
        foreach (var (part, listed) in file.Parts.Zip(expected))
        {
            var tensors = listed.GetProperty("tensors").GetInt32();
            check.Add(part.TensorCount == tensors, () => $"{part.Path}: {part.TensorCount} tensors instead of {tensors}");
        }
        return check.Outcome()!;
    }

    private static OutputCheck CheckWhole(GgufFile file, Golden golden)
    {
        // The name is relative to the group that holds both.
        var name = golden.Option("whole").GetString()!;
        var path = Path.GetFullPath(Path.Combine(golden.Folder, "..", "..", name, "model.gguf"));
        if (!File.Exists(path))
            throw new InputFileException($"{golden.Folder} is compared with {path}, which is not there.");
        using var whole = GgufFile.Open(path);
        var check = new CaseCheck("tensors");
        check.Add(whole.Tensors.Count == file.Tensors.Count, () => $"{file.Tensors.Count} tensors instead of {whole.Tensors.Count}");
        foreach (var tensor in whole.Tensors)
            check.Add(file.TryGet(tensor.Name, out var part) && IsSame(part, tensor), () => $"{tensor.Name} differs from the whole file's");
        return check.Outcome()!;
    }

    private static bool IsSame(StoredTensor a, StoredTensor b) =>
        a.Type == b.Type && a.Shape.SequenceEqual(b.Shape)
        && a.Bytes(0, checked((int)a.ByteLength)).SequenceEqual(b.Bytes(0, checked((int)b.ByteLength)));
}
