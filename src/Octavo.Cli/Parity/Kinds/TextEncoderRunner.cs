using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>
/// An encoder: the final rows of every token, those of each layer, what is pooled of them, a classifier's outputs. Padding is not run, so
/// rows are compared where the mask is 1.
/// </summary>
internal sealed class TextEncoderRunner(string kind) : GoldenRunner
{
    private const string Mask = "in.attention_mask";

    public override string Kind => kind;

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var encoder = TextEncoder.Load(golden.Folder, context.Engine);
        return Run(golden, encoder);
    }

    /// <summary>Compares the outputs of a golden with those of an encoder that is loaded already.</summary>
    public static IReadOnlyList<OutputCheck> Run(Golden golden, TextEncoder encoder)
    {
        using var tensors = new GoldenTensors(golden);
        var shape = tensors.Shape("in.input_ids");
        var valid = tensors.Has(Mask) ? [.. tensors.Wholes(Mask).Select(value => value != 0)] : Enumerable.Repeat(true, shape[0] * shape[1]).ToArray();
        var ids = Cut(tensors.Wholes("in.input_ids"), valid, shape[1]);
        var types = tensors.Has("in.token_type_ids") ? Cut(tensors.Wholes("in.token_type_ids"), valid, shape[1]) : null;
        var rows = encoder.Run(ids, types);
        return
        [
            .. golden.Outputs.Select(output =>
            {
                var expected = tensors.Floats("out." + output.Key);
                var width = tensors.Shape("out." + output.Key)[^1];
                return output.Key switch
                {
                    "last_hidden_state" => Tokens(rows),
                    "logits" => Tokens(encoder.Run(ids, types, "classifier")),
                    _ when output.Key.StartsWith("hidden.", StringComparison.Ordinal) => Tokens(encoder.Hidden(ids, types, int.Parse(output.Key[7..], null))),
                    "mean" => Texts(Pooling.Mean, false),
                    "embedding" or "sentence_embedding" => Texts(Pooling.Mean, true),
                    "pooler_output" => OutputCheck.Numbers(output.Key, Pooler(encoder, ids, types), expected, output.Value),
                    _ => throw new UnsupportedException($"the output '{output.Key}' of an encoder is not supported yet."),
                };

                OutputCheck Tokens(IReadOnlyList<float[]> actual) =>
                    OutputCheck.Numbers(output.Key, Scatter(actual, valid, width), expected, output.Value, valid, width);

                OutputCheck Texts(Pooling pooling, bool normalize) => OutputCheck.Numbers(
                    output.Key, [.. rows.SelectMany(row => Pool.Rows(row, width, pooling, normalize))], expected, output.Value);
            }),
        ];
    }

    private static float[] Pooler(TextEncoder encoder, List<int[]> ids, List<int[]>? types) =>
        [.. encoder.Run(ids, types, "pooler").SelectMany(rows => rows.Take(encoder.Width)).Select(MathF.Tanh)];

    private static List<int[]> Cut(int[] numbers, bool[] valid, int columns)
    {
        List<int[]> rows = [];
        for (var first = 0; first < numbers.Length; first += columns)
            rows.Add([.. Enumerable.Range(first, columns).Where(i => valid[i]).Select(i => numbers[i])]);
        return rows;
    }

    private static float[] Scatter(IReadOnlyList<float[]> rows, bool[] valid, int width)
    {
        var all = new float[valid.Length * width];
        var packed = rows.SelectMany(row => row).ToArray();
        for (int place = 0, token = 0; place < valid.Length; place++)
        {
            if (valid[place])
                packed.AsSpan(token++ * width, width).CopyTo(all.AsSpan(place * width));
        }
        return all;
    }
}
