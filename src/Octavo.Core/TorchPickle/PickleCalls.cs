using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>What the allowed functions of a pickle make: dicts, sizes and descriptions of tensors. No weight is read.</summary>
internal static class PickleCalls
{
    /// <summary>The result of a call.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="reader">For refusals and limits.</param>
    public static object Call(PickleGlobal function, object?[] arguments, PickleReader reader) => function.Kind switch
    {
        GlobalKind.OrderedDict => MakeDict(arguments, reader),
        GlobalKind.Size => arguments is [PickleTuple size]
            ? size
            : throw reader.Bad($"torch.Size takes one tuple; {Kinds(arguments)} stand there"),
        GlobalKind.RebuildTensor when arguments.Length == 4 => MakeTensor(function, arguments, null, reader),
        GlobalKind.RebuildTensorV2 when arguments.Length is 6 or 7 => MakeV2(function, arguments, reader),
        GlobalKind.RebuildTensorV3 when arguments.Length is 7 or 8 => MakeV3(function, arguments, reader),
        GlobalKind.RebuildParameter when arguments.Length == 3 => MakeParameter(arguments, reader),
        GlobalKind.TypedStorage or GlobalKind.UntypedStorage or GlobalKind.DataType => throw reader.Bad($"'{function.Name}' is called"),
        _ => throw reader.Bad($"'{function.Name}' is called with {arguments.Length} arguments"),
    };

    // () since Python 3; in Python 2 a list of pairs.
    private static PickleDict MakeDict(object?[] arguments, PickleReader reader)
    {
        var dict = reader.Counted(new PickleDict(ordered: true));
        if (arguments.Length == 0)
            return dict;
        if (arguments is not [PickleList pairs])
            throw reader.Bad($"collections.OrderedDict takes nothing or a list; {Kinds(arguments)} stand there");
        foreach (var pair in pairs.Items)
        {
            // One list can be used again and again through the memo: what is copied counts.
            _ = reader.Counted(dict);
            if (pair is PickleList { Items: [var key, var value] })
                reader.AddEntry(dict, key, value);
            else if (pair is PickleTuple { Items: [var first, var second] })
                reader.AddEntry(dict, first, second);
            else
                throw reader.Bad($"collections.OrderedDict takes pairs; {PickleKind.Of(pair)} stands among them");
        }
        return dict;
    }

    private static PickleTensor MakeV2(PickleGlobal function, object?[] arguments, PickleReader reader)
    {
        CheckGradient(function, arguments[4], arguments[5], reader);
        CheckMetadata(function, arguments.ElementAtOrDefault(6), reader);
        return MakeTensor(function, arguments, null, reader);
    }

    private static PickleTensor MakeV3(PickleGlobal function, object?[] arguments, PickleReader reader)
    {
        CheckGradient(function, arguments[4], arguments[5], reader);
        CheckMetadata(function, arguments.ElementAtOrDefault(7), reader);
        if (arguments[6] is not PickleGlobal { Kind: GlobalKind.DataType } type)
            throw reader.Bad($"{function.Name} takes a dtype; {PickleKind.Of(arguments[6])} stands there");
        return type.Type is { } known
            ? MakeTensor(function, arguments, known, reader)
            : throw new UnsupportedException($"{reader.Path}: byte {reader.At}: a tensor has the dtype {type.Name}. Supported are floats, "
                + "whole numbers and bools; convert the tensor before it is saved.");
    }

    private static PickleTensor MakeParameter(object?[] arguments, PickleReader reader)
    {
        if (arguments is not [PickleTensor tensor, bool, null or PickleDict { Entries.Count: 0 }])
            throw reader.Bad($"torch._utils._rebuild_parameter takes a tensor, a bool and no hooks; {Kinds(arguments)} stand there");
        return tensor;
    }

    private static PickleTensor MakeTensor(PickleGlobal function, object?[] arguments, TensorType? type, PickleReader reader)
    {
        if (arguments[0] is not PickleStorage storage)
            throw reader.Bad($"{function.Name} takes a storage; {PickleKind.Of(arguments[0])} stands there");
        if ((storage.Type is null) != (type is not null))
            throw reader.Bad($"{function.Name} is called with a storage {(type is null ? "without" : "with")} a type");
        if (arguments[1] is not long offset || offset < 0)
            throw reader.Bad($"a tensor's offset is {(arguments[1] is long below ? below : PickleKind.Of(arguments[1]))}; "
                + "a number from 0 is expected");
        var shape = Sizes(arguments[2], "shape", reader);
        var strides = Sizes(arguments[3], "stride", reader);
        return reader.Counted(PickleTensor.Make(storage, type ?? storage.Type!.Value, offset, shape, strides, reader));
    }

    private static void CheckGradient(PickleGlobal function, object? gradient, object? hooks, PickleReader reader)
    {
        if (gradient is not bool || hooks is not (null or PickleDict { Entries.Count: 0 }))
            throw reader.Bad($"{function.Name} takes a bool and no hooks; {Kinds(gradient, hooks)} stand there");
    }

    // The flags of conjugated and negated views change what the numbers mean.
    private static void CheckMetadata(PickleGlobal function, object? metadata, PickleReader reader)
    {
        if (metadata is PickleDict { Entries: [var flag, ..] })
            throw reader.Bad($"{function.Name} is given the flag {(flag.Key is string name ? $"'{PickleKind.Printable(name)}'" : PickleKind.Of(flag.Key))}, "
                + "which is not supported");
        if (metadata is not (null or PickleDict))
            throw reader.Bad($"{function.Name} is given {PickleKind.Of(metadata)} as its metadata; a dict is expected");
    }

    private static long[] Sizes(object? value, string what, PickleReader reader)
    {
        if (value is not PickleTuple { Items: var items })
            throw reader.Bad($"a tensor's {what} is {PickleKind.Of(value)}; a tuple is expected");
        if (items.Length > PickleTensor.MaxDimensions)
            throw reader.Bad($"a tensor's {what} has {items.Length} dimensions; at most {PickleTensor.MaxDimensions} are allowed");
        var sizes = new long[items.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (items[i] is not long size || size < 0)
                throw reader.Bad($"a tensor's {what} holds {(items[i] is long below ? below : PickleKind.Of(items[i]))}; numbers from 0 are expected");
            sizes[i] = size;
        }
        return sizes;
    }

    private static string Kinds(params ReadOnlySpan<object?> values)
    {
        List<string> kinds = [];
        foreach (var value in values[..Math.Min(values.Length, 8)])
            kinds.Add(PickleKind.Of(value));
        return kinds.Count == 0 ? "no arguments" : string.Join(", ", kinds);
    }
}
