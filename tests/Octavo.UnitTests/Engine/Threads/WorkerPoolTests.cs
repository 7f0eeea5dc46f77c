using Octavo.Engine.Threads;
using Shouldly;

namespace Octavo.UnitTests.Engine.Threads;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyRegions_EachItemOnce(int threads)
    {
        using var pool = new WorkerPool(threads);
        var region = new Counting(1000);
        for (var run = 1; run <= 200; run++)
        {
            pool.Run(region, 1000);
            region.Counts.ShouldAllBe(count => count == run);
        }
    }

    [Fact]
    public void Run_AfterThreadsParked_StillRuns()
    {
        using var pool = new WorkerPool(3);
        var region = new Counting(64);
        pool.Run(region, 64);
        // Longer than any spin, so that the threads are parked when the next region comes.
        SpinWait.SpinUntil(() => false, 50);
        pool.Run(region, 64);
        region.Counts.ShouldAllBe(count => count == 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_ItemThrows_CallerGetsItAndPoolLives(int threads)
    {
        using var pool = new WorkerPool(threads);
        Should.Throw<InvalidOperationException>(() => pool.Run(new Failing(), 100)).Message.ShouldBe("item 40");
        var region = new Counting(10);
        pool.Run(region, 10);
        region.Counts.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public void Run_WorkerNumbers_AreBelowThreads()
    {
        using var pool = new WorkerPool(4);
        var region = new Counting(5000);
        pool.Run(region, 5000);
        region.Workers.ShouldAllBe(worker => worker >= 0 && worker < 4);
    }

    private sealed class Counting(int items) : Region
    {
        public int[] Counts { get; } = new int[items];
        public int[] Workers { get; } = new int[items];

        public override void Run(int item, int worker)
        {
            Interlocked.Increment(ref Counts[item]);
            Workers[item] = worker;
        }
    }

    private sealed class Failing : Region
    {
        public override void Run(int item, int worker)
        {
            if (item == 40)
                throw new InvalidOperationException("item 40");
        }
    }
}
