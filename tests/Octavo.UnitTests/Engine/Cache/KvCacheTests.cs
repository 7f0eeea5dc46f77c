using Octavo.Engine;
using Octavo.Engine.Cache;
using Shouldly;

namespace Octavo.UnitTests.Engine.Cache;

public class KvCacheTests
{
    [Fact]
    public void Append_AcrossPages_RentsOnePagePerLayer()
    {
        using var pool = new PagePool(kvHeads: 2, headDim: 4);
        using var cache = new KvCache(pool, layers: 3, capacity: 200);
        cache.Append(0, 64);
        pool.PagesInUse.ShouldBe(3);
        cache.Append(64, 1);
        pool.PagesInUse.ShouldBe(6);
        cache.StoredTokens(2, 1).ShouldBe(65);
        cache.SeenTokens.ShouldBe(65);
        cache.PageCount.ShouldBe(2);
    }

    [Fact]
    public void Rollback_ToMark_GivesPagesBack()
    {
        using var pool = new PagePool(1, 4);
        using var cache = new KvCache(pool, 2, 300);
        cache.Append(0, 70);
        var mark = cache.Mark();
        cache.Append(70, 130);
        pool.PagesInUse.ShouldBe(8);
        cache.Rollback(mark);
        pool.PagesInUse.ShouldBe(4);
        cache.SeenTokens.ShouldBe(70);
        cache.Rollback(new KvMark(0));
        pool.PagesInUse.ShouldBe(0);
    }

    [Theory]
    [InlineData(0, -1, 10, 0, 11)]
    [InlineData(0, -1, 63, 0, 64)]
    [InlineData(0, 5, 63, 6, 64)]
    [InlineData(1, 64, 70, 1, 7)]
    [InlineData(1, -1, 63, 0, 0)]
    [InlineData(0, 63, 99, 64, 64)]
    public void Visible_WindowAndPosition_BoundsSlots(int page, long after, int upTo, int from, int to)
    {
        using var pool = new PagePool(1, 4);
        using var cache = new KvCache(pool, 1, 128);
        cache.Append(0, 100);
        var (first, last) = cache.PositionsOf(0, 0).Visible(page, after, upTo);
        if (from == to)
            first.ShouldBeGreaterThanOrEqualTo(last);
        else
            (first, last).ShouldBe((from, to));
    }

    [Theory]
    [InlineData(-1, 10, 0, 1)]
    [InlineData(-1, 63, 0, 1)]
    [InlineData(-1, 64, 0, 2)]
    [InlineData(62, 99, 0, 2)]
    [InlineData(63, 99, 1, 2)]
    public void Pages_WindowAndPosition_BoundThePages(long after, int upTo, int from, int to)
    {
        using var pool = new PagePool(1, 4);
        using var cache = new KvCache(pool, 1, 128);
        cache.Append(0, 100);
        cache.PositionsOf(0, 0).Range(after, upTo).ShouldBe(new PageRange(from, to));
    }

    [Theory]
    [InlineData(KvType.F32, 2 * 64 * 64 * 4)]
    [InlineData(KvType.F16, 2 * 64 * 64 * 2)]
    [InlineData(KvType.Q8, 2 * 64 * (64 + (2 * 4)))]
    public void PageBytes_OfAType_AreNumbersAndScales(KvType type, int bytes)
    {
        using var pool = new PagePool(3, 64, type);
        pool.PageBytes.ShouldBe(3 * bytes);
    }

    [Fact]
    public void Visible_GappedPositions_DecidedByPositionNotIndex()
    {
        using var pool = new PagePool(1, 4);
        using var cache = new KvCache(pool, 1, 128);
        cache.Append(0, 4);
        cache.Append(100, 4);
        cache.PositionsOf(0, 0).Visible(0, 2, 101).ShouldBe((3, 6));
    }

    [Fact]
    public unsafe void Fork_WritingTheTail_CopiesOnlyTheTail()
    {
        using var pool = new PagePool(1, 4);
        using var cache = new KvCache(pool, 1, 256);
        cache.Append(0, 70);
        *(float*)pool.View(cache.Page(0, 1), 0).Keys = 7;
        using var fork = cache.Fork();
        pool.PagesInUse.ShouldBe(2);
        fork.Append(70, 1);
        pool.PagesInUse.ShouldBe(3);
        fork.Page(0, 0).ShouldBe(cache.Page(0, 0));
        fork.Page(0, 1).ShouldNotBe(cache.Page(0, 1));
        (*(float*)pool.View(fork.Page(0, 1), 0).Keys).ShouldBe(7);
        *(float*)pool.View(fork.Page(0, 1), 0).Keys = 9;
        (*(float*)pool.View(cache.Page(0, 1), 0).Keys).ShouldBe(7);
    }

    [Fact]
    public void Fork_BothDisposed_FreesEverything()
    {
        using var pool = new PagePool(1, 4);
        var cache = new KvCache(pool, 2, 256);
        cache.Append(0, 100);
        var fork = cache.Fork();
        cache.Dispose();
        pool.PagesInUse.ShouldBe(4);
        fork.Dispose();
        pool.PagesInUse.ShouldBe(0);
    }
}
