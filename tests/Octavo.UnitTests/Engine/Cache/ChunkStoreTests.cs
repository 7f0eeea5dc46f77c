using Octavo.Engine.Cache;
using Shouldly;

namespace Octavo.UnitTests.Engine.Cache;

public sealed class ChunkStoreTests : IDisposable
{
    private const int Layers = 2;
    private const int Length = 128;

    private readonly PagePool _pool = new(kvHeads: 1, headDim: 4);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Find_ChunksAtAnyPlace_FromTheLeftAndApart()
    {
        using var store = Store(chunks: 9);
        var (a, b) = (Text(1, Length), Text(2, Length));
        Add(store, a);
        Add(store, b);
        int[] text = [.. Text(3, 5), .. b, .. b, .. Text(4, 200), .. a, 7];
        Places(store, text).ShouldBe([5, 133, 461]);
        Places(store, text, from: 6).ShouldBe([133, 461]);
        // one token short of the chunk
        Places(store, text[..^2]).ShouldBe([5, 133]);
        Places(store, text, content: 3).ShouldBeEmpty();
        store.Find(text, 0, 64, 0).ShouldBeEmpty();
        store.Statistics.ShouldBe(store.Statistics with { Lookups = 5, Hits = 7, Chunks = 2, Bytes = 2 * ChunkBytes, Evictions = 0 });
        store.Clear();
        Places(store, text).ShouldBeEmpty();
        store.Statistics.Bytes.ShouldBe(0);
        _pool.PagesInUse.ShouldBe(0);
    }

    [Fact]
    public void Add_BeyondTheLimit_LetsTheOneGoThatWasUsedLongestAgo()
    {
        using var store = Store(chunks: 3);
        var texts = Enumerable.Range(0, 5).Select(i => Text(i, Length)).ToList();
        foreach (var text in texts[..3])
            Add(store, text);
        Places(store, texts[0]).ShouldBe([0]);
        Add(store, texts[3]);
        texts.Select(text => Places(store, text).Count).ShouldBe([1, 0, 1, 1, 0]);
        Add(store, texts[4]);
        texts.Select(text => Places(store, text).Count).ShouldBe([0, 0, 1, 1, 1]);
        store.Statistics.Evictions.ShouldBe(2);
        store.Statistics.Bytes.ShouldBe(3 * ChunkBytes);
        _pool.PagesInUse.ShouldBe(3 * 2 * Layers);
        // the same text again is given back, not counted twice
        Add(store, texts[4]);
        store.Statistics.Chunks.ShouldBe(3);
        _pool.PagesInUse.ShouldBe(3 * 2 * Layers);
    }

    [Fact]
    public void Add_WhereNothingFits_KeepsNothing()
    {
        using var store = new ChunkStore(_pool, Layers, ChunkBytes - 1);
        Add(store, Text(1, Length));
        store.Statistics.Chunks.ShouldBe(0);
        _pool.PagesInUse.ShouldBe(0);
        store.Missing(Text(1, 1000), Length, 0).ShouldBeEmpty();
    }

    [Fact]
    public void Missing_CutsWhatLiesBetweenStoredChunks_OnceEach_AndNotMoreThanFits()
    {
        using var store = Store(chunks: 4);
        var (known, other) = (Text(1, Length), Text(5, Length));
        store.Missing(Text(2, 300), Length, 0).ShouldBe([0, 128]);
        Add(store, known);
        int[] text = [.. Text(3, 130), .. known, .. Text(4, 127), .. known, .. other, .. other, 9];
        store.Missing(text, Length, 0).ShouldBe([0, 513]);
        store.Missing(text, Length, 1).ShouldBe([0, 128, 256, 384]);
    }

    private long ChunkBytes => (long)_pool.PageBytes * 2 * Layers;

    private ChunkStore Store(int chunks) => new(_pool, Layers, chunks * ChunkBytes);

    private void Add(ChunkStore store, int[] tokens)
    {
        var cache = new KvCache(_pool, Layers, tokens.Length);
        cache.Append(0, tokens.Length);
        store.Add(tokens, 0, cache);
    }

    private static List<int> Places(ChunkStore store, int[] text, int from = 0, ulong content = 0) =>
        [.. store.Find(text, from, Length, content).Select(chunk => chunk.Position)];

    private static int[] Text(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(1000))];
    }
}
