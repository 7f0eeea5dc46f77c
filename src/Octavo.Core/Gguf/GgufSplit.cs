using System.Globalization;

namespace Octavo.Core.Gguf;

/// <summary>The <c>split.*</c> keys of one part and the rules that hold between parts.</summary>
internal static class GgufSplit
{
    public const string Number = "split.no";
    public const string Count = "split.count";
    public const string TensorCount = "split.tensors.count";
    public const int MaxParts = ushort.MaxValue;

    /// <summary>The files of the parts after the first; empty where the file is whole.</summary>
    /// <param name="path">The file that was opened.</param>
    /// <param name="metadata">Its metadata.</param>
    public static IReadOnlyList<string> LaterParts(string path, GgufMetadata metadata)
    {
        var named = GgufPartName.TryParse(path, out var stem, out var number, out var namedCount);
        if (!metadata.TryGet<int>(Count, out var count))
        {
            if (named && namedCount > 1)
                throw new CheckpointException($"{path}: the name says part {number} of {namedCount}, but the file has no '{Count}'. "
                    + "If it is a whole model, rename it; if it is a part, split the model again.");
            return [];
        }
        // what merging leaves in a whole file
        if (count == 0 && !named)
            return [];
        if (count is < 1 or > MaxParts)
            throw new CheckpointException($"{path}: '{Count}' is {count}; 1 to {MaxParts} are allowed. Split the model again.");
        var no = metadata.Get<int>(Number);
        if (count > 1 && !named)
            throw new CheckpointException($"{path}: this is part {no + 1} of {count}, but it is not named as one. "
                + $"Name the parts {GgufPartName.Of("STEM", 1, count)} and so on.");
        if (named && namedCount != count)
            throw new CheckpointException($"{path}: the name says {namedCount} parts, '{Count}' says {count}. "
                + "A part of another split stands here.");
        if (no != 0)
            throw new CheckpointException($"{path}: this is part {no + 1} of {count}. Open the first part"
                + (named ? $": {GgufPartName.Of(stem, 1, count)}" : "."));
        if (named && number != 1)
            throw new CheckpointException($"{path}: the name says part {number}, '{Number}' says the first. "
                + "A part is repeated or misnamed; get it again.");
        return [.. Enumerable.Range(2, count - 1).Select(i => GgufPartName.Of(stem, i, count))];
    }

    /// <summary>Checks that a later part belongs to the first.</summary>
    public static void CheckPart(string path, GgufMetadata metadata, int number, GgufMetadata first)
    {
        var no = metadata.Get<int>(Number);
        if (no != number - 1)
            throw new CheckpointException($"{path}: '{Number}' is {no}, {number - 1} is expected. A part is repeated or misnamed; "
                + "get it again.");
        foreach (var key in (string[])[Count, TensorCount])
        {
            var (mine, theirs) = (metadata.Get<int>(key), first.Get<int>(key));
            if (mine != theirs)
                throw new CheckpointException(
                    $"{path}: '{key}' is {mine}, the first part says {theirs}. The parts are of different splits; get them again.");
        }
    }

    /// <summary>Checks that the parts hold as many tensors as they should.</summary>
    public static void CheckTotal(string path, GgufMetadata first, int tensors)
    {
        if (!first.TryGet<int>(Count, out var count) || (count == 1 && !first.TryGet<int>(TensorCount, out _)))
            return;
        var expected = first.Get<int>(TensorCount);
        if (expected != tensors)
            throw new CheckpointException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: the {count} parts hold {tensors} tensors, '{TensorCount}' says {expected}. A part is incomplete; get it again."));
    }
}
