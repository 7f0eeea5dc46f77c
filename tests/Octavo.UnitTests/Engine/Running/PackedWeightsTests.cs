using Octavo.Core.Tensors;
using Octavo.Engine.Running;
using Octavo.Engine.Threads;
using Octavo.Models;
using Octavo.UnitTests.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

public unsafe class PackedWeightsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Pack_ManyMatrices_PacksThoseThatCanBeAndLeavesTheOthers(int threads)
    {
        using var good = Weights.Random(TensorType.Q4_1, 150, 96, 1);
        using var infinite = Weights.Random(TensorType.Q8_0, 70, 64, 2);
        infinite.SetScale(69 * infinite.RowBytes, Half.PositiveInfinity, Half.Zero);
        using var dense = Weights.Random(TensorType.F16, 8, 64, 3);
        using var last = Weights.Random(TensorType.Q6_K, 9, 512, 4);
        LoweredLinear[] linears = [.. new[] { good, infinite, dense, last }.Select(Lower)];
        using var pool = new WorkerPool(threads);
        using var packed = PackedWeights.Pack(linears, pool);
        linears.Select(linear => linear.IsPacked).ShouldBe([true, false, false, true]);
        CheckBytes(linears[0], good);
        CheckBytes(linears[3], last);
    }

    [Fact]
    public void Pack_NothingToPack_TakesNoMemory()
    {
        using var dense = Weights.Random(TensorType.BF16, 8, 64, 3);
        using var pool = new WorkerPool(1);
        PackedWeights.Pack([Lower(dense)], pool).ShouldBeNull();
    }

    [Fact]
    public void Slice_InsideAGroup_IsRefused()
    {
        using var weights = Weights.Random(TensorType.Q4_0, 24, 32, 5);
        using var packed = new Packed(weights.All);
        packed.Rows.Slice(16, 8).Rows.ShouldBe(8);
        Should.Throw<ArgumentOutOfRangeException>(() => packed.Rows.Slice(4, 4));
    }

    private static LoweredLinear Lower(Weights weights) =>
        new(
            new Linear(new View("w", [weights.Rows, weights.Columns], "w")),
            new StoredTensor("w", weights.Type, [weights.Rows, weights.Columns], weights.All.Data), weights.All, null);

    private static void CheckBytes(LoweredLinear linear, Weights weights)
    {
        using var alone = new Packed(weights.All);
        var bytes = (int)alone.Rows.Format.ByteLength(weights.Rows, weights.Columns);
        new ReadOnlySpan<byte>(linear.Packed.Data, bytes).ToArray().ShouldBe(new ReadOnlySpan<byte>(alone.Rows.Data, bytes).ToArray());
    }
}
