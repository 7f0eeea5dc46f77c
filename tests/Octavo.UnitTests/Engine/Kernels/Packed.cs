using Octavo.Engine.Kernels;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Rows packed into guarded memory.</summary>
internal sealed unsafe class Packed : IDisposable
{
    private readonly Guarded<byte> _data;

    public Packed(in WeightRows weights)
    {
        var format = PackedFormat.Of(weights.Type)!;
        _data = new Guarded<byte>(checked((int)format.ByteLength(weights.Rows, weights.Columns)));
        Rows = new PackedRows(_data.Pointer, format, weights.Rows, weights.Columns);
        AllFinite = Packer.Pack(weights, Rows, 0, (weights.Rows + PackedFormat.Rows - 1) / PackedFormat.Rows);
        _data.CheckGuards();
    }

    public PackedRows Rows { get; }

    public bool AllFinite { get; }

    public void Dispose() => _data.Dispose();
}
