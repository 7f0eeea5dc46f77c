using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Cache;

/// <summary>Layers whose heads keep different tokens: true positions, real memory, and nothing left behind.</summary>
public unsafe class CompressedCacheTests
{
    private const int HeadDim = 32;

    [Theory]
    [InlineData(KvType.F32)]
    [InlineData(KvType.F16)]
    [InlineData(KvType.Q8)]
    public void Compress_HeadsThatKeepDifferentTokens_HoldTheirKeysAndValuesBitForBit(KvType type)
    {
        using var pool = new PagePool(2, HeadDim, type);
        using var cache = Filled(pool, layers: 2, tokens: 150);
        var before = Enumerable.Range(0, 2).Select(head => (new StoredHead(cache, 1, head).Keys(), new StoredHead(cache, 1, head).Values())).ToList();
        int[][] kept = [[0, 3, 63, 64, 149], [.. Enumerable.Range(20, 100)]];
        cache.Compress(1, kept);
        for (var head = 0; head < 2; head++)
        {
            var stored = new StoredHead(cache, 1, head);
            stored.Positions.Span.ToArray().ShouldBe(kept[head]);
            stored.Keys().ShouldBe(Rows(before[head].Item1, kept[head]));
            stored.Values().ShouldBe(Rows(before[head].Item2, kept[head]));
        }
        cache.IsWhole.ShouldBeFalse();
        (cache.IsCompressed(0), cache.IsCompressed(1)).ShouldBe((false, true));
        cache.StoredTokens(0, 1).ShouldBe(150);
    }

    [Fact]
    public void Compress_PagesInUse_AreThoseOfWhatIsKept()
    {
        using var pool = new PagePool(2, HeadDim);
        using (var cache = Filled(pool, layers: 2, tokens: 200))
        {
            pool.PagesInUse.ShouldBe(8);
            cache.Compress(0, (int[][])[[1], [.. Enumerable.Range(0, 65)]]);
            pool.PagesInUse.ShouldBe(4);
            pool.ForHeads.PagesInUse.ShouldBe(3);
            cache.StoredBytes().ShouldBe((4 * (long)pool.PageBytes) + (3 * (long)pool.ForHeads.PageBytes));
        }
        (pool.PagesInUse, pool.ForHeads.PagesInUse).ShouldBe((0, 0));
    }

    [Fact]
    public void Append_AfterCompression_GivesEveryHeadTheTokenAtItsTruePosition()
    {
        using var pool = new PagePool(2, HeadDim);
        using var cache = Filled(pool, layers: 1, tokens: 100);
        cache.Compress(0, (int[][])[[2, 50], [.. Enumerable.Range(0, 63)]]);
        cache.Append(100, 3);
        cache.PositionsOf(0, 0).Span.ToArray().ShouldBe([2, 50, 100, 101, 102]);
        cache.PositionsOf(0, 1).Span[^3..].ToArray().ShouldBe([100, 101, 102]);
        (cache.Slot(0, 0, 100), cache.Slot(0, 1, 100), cache.Slot(0, 1, 102)).ShouldBe((2, 63, 65));
        cache.SeenTokens.ShouldBe(103);
    }

    [Fact]
    public void Rollback_ToWhatWasCompressed_KeepsIt_AndNotFurther()
    {
        using var pool = new PagePool(2, HeadDim);
        using var cache = Filled(pool, layers: 1, tokens: 100);
        cache.Compress(0, (int[][])[[2, 50], [4, 60]]);
        var keys = new StoredHead(cache, 0, 0).Keys();
        var mark = cache.Mark();
        cache.Append(100, 200);
        cache.Rollback(mark);
        new StoredHead(cache, 0, 0).Keys().ShouldBe(keys);
        pool.ForHeads.PagesInUse.ShouldBe(2);
        cache.CanRollBack(99).ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => cache.Rollback(new KvMark(99)));
        cache.Rollback(new KvMark(0));
        (cache.IsWhole, pool.PagesInUse, pool.ForHeads.PagesInUse).ShouldBe((true, 0, 0));
        cache.Append(0, 1);
        cache.StoredTokens(0, 0).ShouldBe(1);
    }

    [Fact]
    public void Compress_Again_ChoosesAmongWhatIsStored()
    {
        using var pool = new PagePool(2, HeadDim);
        using var cache = Filled(pool, layers: 1, tokens: 100);
        var keys = new StoredHead(cache, 0, 1).Keys();
        cache.Compress(0, (int[][])[[2, 50, 60], [4, 61, 99]]);
        cache.Compress(0, (int[][])[[1], [0, 2]]);
        cache.PositionsOf(0, 0).Span.ToArray().ShouldBe([50]);
        cache.PositionsOf(0, 1).Span.ToArray().ShouldBe([4, 99]);
        new StoredHead(cache, 0, 1).Keys().ShouldBe(Rows(keys, [4, 99]));
        cache.Append(100, 1);
        (cache.Slot(0, 0, 100), cache.Slot(0, 1, 100), pool.ForHeads.PagesInUse).ShouldBe((1, 2, 2));
    }

    [Fact]
    public void Fork_OfACompressedCache_SharesPagesUntilOneWrites()
    {
        using var pool = new PagePool(2, HeadDim);
        using var cache = Filled(pool, layers: 1, tokens: 100);
        cache.Compress(0, (int[][])[[2, 50], [4, 60]]);
        using (var fork = cache.Fork())
        {
            pool.ForHeads.PagesInUse.ShouldBe(2);
            fork.Append(100, 1);
            pool.ForHeads.PagesInUse.ShouldBe(4);
            (fork.StoredTokens(0, 0), cache.StoredTokens(0, 0)).ShouldBe((3, 2));
            *(float*)fork.View(0, 0, 0).Keys = -5;
            (*(float*)cache.View(0, 0, 0).Keys).ShouldNotBe(-5);
        }
        pool.ForHeads.PagesInUse.ShouldBe(2);
    }

    [Fact]
    public void Compress_ForQueryHeads_StoresEachKeyValueHeadAsOftenAsItIsRead()
    {
        using var pool = new PagePool(2, HeadDim);
        using var cache = Filled(pool, layers: 1, tokens: 70);
        var second = new StoredHead(cache, 0, 1).Keys();
        cache.Compress(0, (int[][])[[1], [2], [3], [4]]);
        cache.StoredHeads(0).ShouldBe(4);
        new StoredHead(cache, 0, 3).Keys().ShouldBe(Rows(second, [4]));
    }

    [Theory]
    [InlineData(new[] { 1, 1 }, "ascending")]
    [InlineData(new[] { 2, 1 }, "ascending")]
    [InlineData(new[] { 70 }, "ascending")]
    [InlineData(new int[0], "at least one")]
    public void Compress_ChoiceThatMakesNoSense_IsRefused_AndNothingIsLost(int[] slots, string told)
    {
        using var pool = new PagePool(1, HeadDim);
        using var cache = Filled(pool, layers: 1, tokens: 70);
        Should.Throw<ConfigException>(() => cache.Compress(0, (int[][])[slots])).Message.ShouldContain(told);
        (cache.IsWhole, cache.StoredTokens(0, 0), pool.PagesInUse).ShouldBe((true, 70, 2));
    }

    /// <summary>A cache with keys and values that tell token and head.</summary>
    private static KvCache Filled(PagePool pool, int layers, int tokens)
    {
        var cache = new KvCache(pool, layers, 400);
        cache.Append(0, tokens);
        var (k, v) = (new float[HeadDim], new float[HeadDim]);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var token = 0; token < tokens; token++)
            {
                for (var head = 0; head < pool.Heads; head++)
                {
                    for (var d = 0; d < HeadDim; d++)
                        (k[d], v[d]) = (token + (head / 8f) + (d / 64f), -token - (d / 32f));
                    fixed (float* key = k, value = v)
                        KernelSets.Select("scalar").StorePosition(cache.View(layer, head, token / 64), token % 64, key, value).ShouldBeTrue();
                }
            }
        }
        return cache;
    }

    private static float[] Rows(float[] all, int[] kept) => [.. kept.SelectMany(slot => all.Skip(slot * HeadDim).Take(HeadDim))];
}
