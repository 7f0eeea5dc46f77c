using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Benchmarks;
using Shouldly;

namespace Octavo.UnitTests.Engine.Benchmarks;

public class LimitProbeTests
{
    [Fact]
    public void Measure_TwoThreads_GivesRatesThatAMachineCanHave()
    {
        var limits = LimitProbe.Measure(InstructionSets.Available[0], 2, 1 << 20);
        limits.Threads.ShouldBe(2);
        foreach (var rate in new[] { limits.ReadBytes, limits.FloatOperations, limits.IntegerOperations })
            rate.ShouldBeInRange(1e6, 1e15);
        limits.Seconds(new Operations(limits.IntegerOperations, limits.FloatOperations)).ShouldBe(2, 1e-9);
    }

    [Fact]
    public void Measure_Cancelled_Stops() => Should.Throw<OperationCanceledException>(
        () => LimitProbe.Measure("scalar", 1, 1 << 20, new CancellationToken(canceled: true)));

    [Fact]
    public void Measure_UnknownSet_IsRefusedByName() =>
        Should.Throw<UnsupportedException>(() => LimitProbe.Measure("mmx", 1, 1)).Message.ShouldContain("'mmx'");

    [Fact]
    public void PingPong_OfTwoThreads_TakesTime()
    {
        if (PingPong.Measure() is { } seconds)
            seconds.ShouldBeInRange(1e-9, 1);
        else
            Environment.ProcessorCount.ShouldBe(1);
    }
}
