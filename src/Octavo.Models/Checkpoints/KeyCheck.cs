using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models.Configs;

namespace Octavo.Models.Checkpoints;

/// <summary>Compares the tensors of a source with those that a description asks for.</summary>
internal static class KeyCheck
{
    /// <summary>Checks every key, shape and type.</summary>
    /// <returns>What was found and passed over, one sentence each.</returns>
    /// <exception cref="CheckpointException">Keys are missing, unexpected or mis-shaped: the message is a table of them.</exception>
    /// <exception cref="UnsupportedException">Tensors have a type that cannot be computed with.</exception>
    public static IReadOnlyList<string> Run(TextModel model, TensorSource source, bool gguf, IReadOnlyList<string> ignoredSuffixes)
    {
        var expected = ModelListing.Stored(model).ToDictionary(view => gguf ? view.Gguf : view.Name, StringComparer.Ordinal);
        List<ProblemRow> missing = [], misShaped = [], unexpected = [];
        var optional = model.Stacks.SelectMany(stack => stack.Heads).Where(head => head.IsOptional)
            .SelectMany(head => (View?[])[head.Projection.W, head.Projection.B]).ToHashSet();
        foreach (var (name, view) in expected)
        {
            if (!source.TryGet(name, out var tensor) && optional.Contains(view))
                continue;
            if (tensor is null)
                missing.Add(new ProblemRow("missing", name, Shape(view.Shape), "-"));
            else if (!HasShape(tensor, view))
                misShaped.Add(new ProblemRow("mis-shaped", name, Shape(view.Shape), $"{Shape(tensor.Shape)} {tensor.Type}"));
        }

        var tiedHead = TiedHead(model, gguf);
        List<string> ignored = [], notes = [];
        foreach (var tensor in source.Tensors.Where(tensor => !expected.ContainsKey(tensor.Name)))
        {
            if (tensor.Name == tiedHead)
                notes.Add(CompareTied(model, source, tensor));
            else if (ignoredSuffixes.Any(suffix => tensor.Name.EndsWith(suffix, StringComparison.Ordinal)))
                ignored.Add(tensor.Name);
            else
                unexpected.Add(new ProblemRow("unexpected", Printable(tensor.Name), "-", $"{Shape(tensor.Shape)} {tensor.Type}"));
        }
        ScaledFloat8.Refuse(source);
        if (missing.Count + unexpected.Count + misShaped.Count > 0)
            throw new CheckpointException(Table(model, source, missing, unexpected, misShaped));
        CheckTypes(source, expected.Keys);
        if (ignored.Count > 0)
            notes.Add($"{ignored.Count} stored buffers are not used, such as {Printable(ignored[0])}.");
        return notes;
    }

    // hub checkpoints of tied models may hold the head again; a GGUF file with output.weight is not tied
    private static string? TiedHead(TextModel model, bool gguf) =>
        !gguf && model.Stacks.Any(stack => stack.Heads.Any(head => head.Projection.W == stack.Input.Table)) ? "lm_head.weight" : null;

    private static unsafe string CompareTied(TextModel model, TensorSource source, StoredTensor head)
    {
        var name = model.Stacks[0].Input.Table.Name;
        if (source.TryGet(name, out var table) && table.Type == head.Type && table.Shape.SequenceEqual(head.Shape) && SameBytes(table, head))
            return $"{head.Name} is stored again although tie_word_embeddings is true; it equals {name} and is not used.";
        throw new CheckpointException(
            $"{source.Location}: tie_word_embeddings is true, but {head.Name} differs from {name}, so it is unclear which head is meant. "
            + "Set tie_word_embeddings to false in config.json to use the stored head, or remove the tensor to use the embeddings.");
    }

    private static bool SameBytes(StoredTensor a, StoredTensor b)
    {
        const int Step = 1 << 20;
        for (long at = 0; at < a.ByteLength; at += Step)
        {
            var length = (int)Math.Min(Step, a.ByteLength - at);
            if (!a.Bytes(at, length).SequenceEqual(b.Bytes(at, length)))
                return false;
        }
        return true;
    }

    // one loop, since every tensor of every start comes through here
    private static bool HasShape(StoredTensor tensor, View view)
    {
        if (tensor.Shape.Count != view.Shape.Count)
            return false;
        for (var d = 0; d < view.Shape.Count; d++)
        {
            if (tensor.Shape[d] != view.Shape[d])
                return false;
        }
        return true;
    }

    private static void CheckTypes(TensorSource source, IEnumerable<string> names)
    {
        if (names.All(name => !source.TryGet(name, out var tensor) || Dequantizer.Supports(tensor.Type)))
            return;
        var refused = names
            .Select(name => source.TryGet(name, out var tensor) ? tensor : null)
            .OfType<StoredTensor>()
            .Where(tensor => !Dequantizer.Supports(tensor.Type))
            .GroupBy(tensor => tensor.Type)
            .Select(group => $"{group.Key} ({group.Count()} tensors, such as {group.First().Name})")
            .ToList();
        if (refused.Count > 0)
        {
            throw new UnsupportedException(
                $"{source.Location}: tensor types that are not supported: {string.Join(", ", refused)}. "
                + $"Supported: {string.Join(", ", Enum.GetValues<TensorType>().Where(Dequantizer.Supports))}.");
        }
    }

    private static string Table(TextModel model, TensorSource source, params ReadOnlySpan<List<ProblemRow>> groups) => ProblemTable.Write(
        $"{source.Location}: the tensors do not fit {model.Architecture}", groups,
        "The weights belong to another model or are incomplete; get config and weights from the same place, "
        + "or open the folder rather than one of its shards.");

    private static string Printable(string name) => ConfigReader.Printable(name, 90);

    private static string Shape<T>(IEnumerable<T> shape) => $"[{string.Join(", ", shape)}]";
}
