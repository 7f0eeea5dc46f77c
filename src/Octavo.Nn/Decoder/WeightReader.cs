using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>Reads stored tensors as fp32 in the order of rows that the checkpoint's own format has, whatever file they lie in.</summary>
internal sealed class WeightReader(Checkpoint checkpoint)
{
    private const int ChunkNumbers = 1 << 20;

    // the width of a head, by the tensors whose rows a GGUF file may have in rotary pairs
    private readonly Dictionary<string, int> _heads = HeadsOf(checkpoint.Model);

    /// <summary>Reads one tensor.</summary>
    /// <returns>fp32, of the view's shape; belongs to the caller's scope.</returns>
    public Tensor Read(View view)
    {
        using var scope = NewDisposeScope();
        var stored = checkpoint.Resolve(view);
        var value = empty([.. view.Shape.Select(size => (long)size)], ScalarType.Float32);
        Fill(stored, value);
        stored.GiveBack();
        if (checkpoint.IsGguf && view.GgufRows == RowOrder.RotaryPairs)
            value = Unpair(value, _heads[view.Name]);
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>Reads one tensor into managed memory.</summary>
    public float[] ReadFloats(View view)
    {
        var stored = checkpoint.Resolve(view);
        var values = new float[stored.Elements];
        Dequantizer.ToFloat(stored.Type, stored.Bytes(0, checked((int)stored.ByteLength)), values);
        return values;
    }

    private static void Fill(StoredTensor stored, Tensor value)
    {
        // whole rows, so that blocks of quantized numbers stay whole
        var columns = (int)stored.Shape[^1];
        TensorMemory.Parts(stored.Elements, Math.Max(1, ChunkNumbers / columns) * columns, (_, at, count) =>
        {
            using var part = TensorMemory.Part(value, at, count);
            var bytes = checked((int)stored.Type.ByteLength(count));
            Dequantizer.ToFloat(stored.Type, stored.Bytes(stored.Type.ByteLength(at), bytes), TensorMemory.Floats(part));
        });
    }

    // rows 2i and 2i + 1 of a head were i and i + Dh/2
    private static Tensor Unpair(Tensor value, int width)
    {
        var tail = value.shape[1..];
        return value.view([-1, width / 2, 2, .. tail]).transpose(1, 2).contiguous().view(value.shape);
    }

    private static Dictionary<string, int> HeadsOf(TextModel model)
    {
        Dictionary<string, int> heads = [];
        foreach (var attention in model.Stacks.SelectMany(stack => stack.Layers).SelectMany(layer => layer.Parts).Select(part => part.Mix).OfType<Attention>())
        {
            foreach (var view in (View?[])[attention.Q.W, attention.Q.B, attention.K.W, attention.K.B])
            {
                if (view is not null)
                    heads[view.Name] = attention.HeadDim;
            }
        }
        return heads;
    }
}
