using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>Rotation of keys, and their move to other positions, alone: for comparison with references.</summary>
/// <param name="rotary">The rotation.</param>
/// <param name="pairing">Which numbers form pairs.</param>
/// <param name="headDim">Width of a key (d).</param>
/// <param name="options">Instruction set.</param>
internal sealed unsafe class RotaryProbe(LoweredRotary rotary, Pairing pairing, int headDim, EngineOptions options)
{
    private readonly KernelSet _kernels = KernelSets.Select(options.InstructionSet);

    /// <summary>Rotates keys as the engine does when it stores them.</summary>
    /// <param name="keys">[heads][positions][d]</param>
    /// <param name="positions">Their positions.</param>
    public float[] Rotate(float[] keys, int[] positions)
    {
        using var table = new RotaryTable(rotary.Rotary, rotary.Factors, positions.Length);
        table.Fill([.. positions.Select(position => new Row(0, 0, position, 0, Wanted.Nothing))], [positions.Max() + 1]);
        var rotated = keys.ToArray();
        fixed (float* first = rotated)
        {
            for (var key = 0; key < keys.Length / headDim; key++)
            {
                var row = key % positions.Length;
                _kernels.Rotate(first + (key * headDim), 1, headDim, table.Dims, pairing, table.Cos(row), table.Sin(row));
            }
        }
        return rotated;
    }

    /// <summary>Moves rotated keys.</summary>
    /// <param name="keys">[heads][positions][d]</param>
    /// <param name="positions">The positions that they were rotated for.</param>
    /// <param name="delta">By how many positions.</param>
    public float[] Move(float[] keys, int[] positions, int delta)
    {
        using var move = new KeyMove(rotary, positions.Length, positions.Max() + Math.Max(0, delta) + 1);
        for (var i = 0; i < positions.Length; i++)
            move.Set(i, positions[i], positions[i] + delta);
        var moved = keys.ToArray();
        fixed (float* first = moved)
        {
            for (var key = 0; key < keys.Length / headDim; key++)
                move.Turn(_kernels, key % positions.Length, first + (key * headDim), headDim, pairing);
        }
        return moved;
    }
}
