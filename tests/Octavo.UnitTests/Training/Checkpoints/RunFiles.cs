using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Training.Checkpoints;
using Shouldly;

namespace Octavo.UnitTests.Training.Checkpoints;

/// <summary>Checkpoints whose bytes follow from their step, so that what is read back can be checked.</summary>
internal static class RunFiles
{
    private static readonly string[] _names = ["model.safetensors", "optimizer.safetensors", "trainer_state.json"];

    /// <summary>The files of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="size">Bytes of the largest.</param>
    public static IReadOnlyList<CheckpointPart> Parts(long step, int size = 64) =>
        [.. _names.Select((name, i) => CheckpointPart.Of(name, Bytes(step, i, size)))];

    /// <summary>Requires that a checkpoint is whole and holds what its step wrote.</summary>
    public static void RequireWhole(StoredCheckpoint? checkpoint, int size = 64)
    {
        checkpoint.ShouldNotBeNull().FindDamage().ShouldBeNull();
        for (var i = 0; i < _names.Length; i++)
            checkpoint.Read(_names[i]).ShouldBe(Bytes(checkpoint.Step, i, size));
    }

    /// <summary>The newest complete checkpoint, or null.</summary>
    public static StoredCheckpoint? Latest(this CheckpointStore store) => store.All() is [.., var newest] ? newest : null;

    private static byte[] Bytes(long step, int part, int size)
    {
        var random = new SeededRandom((ulong)((step * 10) + part));
        var numbers = new ulong[((size >> part) / sizeof(ulong)) + 1];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = random.NextUInt64();
        return MemoryMarshal.AsBytes<ulong>(numbers)[..(size >> part)].ToArray();
    }
}
