using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;

namespace Octavo.Engine.Running;

/// <summary>What each row begins as: its token's embedding, with those of its type and position where the model has them, normed.</summary>
internal sealed unsafe class EmbedRegion(LoweredModel model, KernelSet kernels, Workspace work, AttentionCall call) : RowsRegion
{
    protected override void Row(int row)
    {
        var input = model.Description.Stacks[0].Input;
        var from = call.Row(row);
        var x = work.X + ((long)row * work.Hidden);
        var space = work.Normed + ((long)row * work.Hidden);
        Read(model.Embedding, from.Token, x);
        if (input.Scale != 1)
            kernels.Scale(x, input.Scale, work.Hidden);
        Add(model.Types, from.Type, x, space);
        Add(model.Positions, from.Position + input.FirstPosition, x, space);
        model.InputNorm?.Apply(kernels, x, x);
    }

    private void Add(StoredTensor? table, int index, float* x, float* space)
    {
        if (table is null)
            return;
        Read(table, index, space);
        kernels.Add(x, space, work.Hidden);
    }

    private void Read(StoredTensor table, int index, float* x)
    {
        var rowBytes = (int)table.Type.ByteLength(work.Hidden);
        Dequantizer.ToFloat(table.Type, table.Bytes((long)index * rowBytes, rowBytes), new Span<float>(x, work.Hidden));
    }
}
