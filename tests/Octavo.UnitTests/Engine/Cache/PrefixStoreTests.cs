using Octavo.Engine.Cache;
using Shouldly;

namespace Octavo.UnitTests.Engine.Cache;

public sealed class PrefixStoreTests : IDisposable
{
    private const int Layers = 2;

    private readonly PagePool _pool = new(kvHeads: 1, headDim: 4);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Take_SharedBeginning_SplitsAtThePageBorder()
    {
        using var store = Store(pages: 100);
        var first = Sequence(1, 200);
        Give(store, first);
        store.Statistics.Pages.ShouldBe(3);
        // Another that parts in the second page shares only the first.
        int[] second = [.. first[..100], .. Sequence(2, 100)];
        Give(store, second);
        store.Statistics.Pages.ShouldBe(5);
        Taken(store, [.. first[..192], 7]).ShouldBe(192);
        Taken(store, [.. second[..128], 7]).ShouldBe(128);
        Taken(store, [.. first[..70], .. Sequence(3, 80)]).ShouldBe(64);
        Taken(store, Sequence(4, 100)).ShouldBe(0);
        store.Statistics.Hits.ShouldBe(3);
        store.Statistics.Lookups.ShouldBe(4);
        store.Statistics.TokensReused.ShouldBe(192 + 128 + 64);
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 64)]
    [InlineData(128, 64)]
    [InlineData(129, 128)]
    [InlineData(10, 0)]
    public void Take_TheWholePrompt_LeavesALastToken(int length, int taken)
    {
        using var store = Store(pages: 100);
        var sequence = Sequence(1, 300);
        Give(store, sequence);
        Taken(store, sequence[..length]).ShouldBe(taken);
    }

    [Fact]
    public unsafe void Take_Pages_AreTheGiversUntilSomeoneWrites()
    {
        using var store = Store(pages: 100);
        var sequence = Sequence(1, 128);
        using var giver = Run(sequence);
        *_pool.Data(giver.Page(1, 0)) = 5;
        store.Add(sequence, giver);
        using var taker = new KvCache(_pool, Layers, 400);
        store.Take(Sequence(1, 129), taker, 0).ShouldBe(128);
        taker.Page(1, 1).ShouldBe(giver.Page(1, 1));
        taker.SeenTokens.ShouldBe(128);
        taker.SeenTokens.ShouldBe(128);
        taker.PositionsOf(0, 0).Visible(1, -1, 127).ShouldBe((0, 64));
        taker.Rollback(new KvMark(10));
        taker.Append(10, 1);
        taker.Page(1, 0).ShouldNotBe(giver.Page(1, 0));
        *_pool.Data(taker.Page(1, 0)) = 9;
        ((int)*_pool.Data(giver.Page(1, 0))).ShouldBe(5);
    }

    [Fact]
    public void Take_SomeHeldAlready_TakesTheRestOnly()
    {
        using var store = Store(pages: 100);
        var sequence = Sequence(1, 256);
        Give(store, sequence);
        using var cache = Run(sequence[..100]);
        var own = cache.Page(0, 0);
        store.Take(Sequence(1, 250), cache, 100).ShouldBe(192);
        cache.Page(0, 0).ShouldBe(own);
        cache.SeenTokens.ShouldBe(192);
        store.Statistics.TokensReused.ShouldBe(92);
        store.Take(Sequence(1, 250), cache, 192).ShouldBe(192);
    }

    [Fact]
    public void Add_BeyondTheLimit_EvictsTheLeafUsedLongestAgo()
    {
        using var store = Store(pages: 4);
        var (first, second) = (Sequence(1, 128), Sequence(2, 128));
        Give(store, first);
        Give(store, second);
        Taken(store, [.. first, 1]).ShouldBe(128);
        Give(store, Sequence(3, 64));
        store.Statistics.Bytes.ShouldBe(4 * store.NodeBytes);
        store.Statistics.Evictions.ShouldBe(1);
        Taken(store, [.. second, 1]).ShouldBe(64);
        Taken(store, [.. first, 1]).ShouldBe(128);
        _pool.PagesInUse.ShouldBe(4 * Layers);
    }

    [Fact]
    public void Add_PinnedOrInUse_AreNeverEvicted()
    {
        using var store = Store(pages: 3);
        var pinned = Sequence(1, 64);
        Give(store, pinned);
        store.Pin(pinned, true).ShouldBe(64);
        using var user = Run(Sequence(2, 64));
        store.Add(Sequence(2, 64), user);
        for (var i = 3; i < 20; i++)
            Give(store, Sequence(i, 192));
        store.Statistics.Bytes.ShouldBeLessThanOrEqualTo(3 * store.NodeBytes);
        Taken(store, [.. pinned, 1]).ShouldBe(64);
        Taken(store, [.. Sequence(2, 64), 1]).ShouldBe(64);
        store.Pin(pinned, false);
        Give(store, Sequence(30, 128));
        Taken(store, [.. pinned, 1]).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Add_NoRoomForAPage_KeepsNothing(long limit)
    {
        using var store = new PrefixStore(_pool, Layers, limit);
        Give(store, Sequence(1, 128));
        store.Statistics.Pages.ShouldBe(0);
        Taken(store, Sequence(1, 129)).ShouldBe(0);
        _pool.PagesInUse.ShouldBe(0);
    }

    [Fact]
    public void Add_ManyRandomSequences_StaysBoundedAndRight()
    {
        using var store = Store(pages: 20);
        var random = new Random(3);
        for (var i = 0; i < 400; i++)
        {
            var sequence = Sequence(random.Next(6), 64 * random.Next(1, 6));
            using var cache = new KvCache(_pool, Layers, 400);
            var taken = store.Take(sequence, cache, 0);
            cache.Append(taken, sequence.Length - taken);
            store.Add(sequence, cache);
            store.Statistics.Bytes.ShouldBeLessThanOrEqualTo(20 * store.NodeBytes);
        }
        _pool.PagesInUse.ShouldBe((int)(store.Statistics.Bytes / store.NodeBytes) * Layers);
        store.Clear();
        _pool.PagesInUse.ShouldBe(0);
    }

    private PrefixStore Store(int pages) => new(_pool, Layers, pages * _pool.PageBytes * Layers);

    private KvCache Run(int[] tokens)
    {
        var cache = new KvCache(_pool, Layers, 400);
        cache.Append(0, tokens.Length);
        return cache;
    }

    private void Give(PrefixStore store, int[] tokens)
    {
        using var cache = Run(tokens);
        store.Add(tokens, cache);
    }

    private int Taken(PrefixStore store, int[] prompt)
    {
        using var cache = new KvCache(_pool, Layers, 400);
        return store.Take(prompt, cache, 0);
    }

    /// <summary>A sequence per seed; a longer one begins as a shorter one of the same seed.</summary>
    private static int[] Sequence(int seed, int length) => [.. Enumerable.Range(0, length).Select(i => (seed * 1000) + i)];
}
