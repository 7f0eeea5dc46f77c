using Octavo.Engine.Cache;

namespace Octavo.Engine.Running;

/// <summary>A text put together from chunks of any length, with all that can be seen of it: for comparison with references.</summary>
internal sealed unsafe class BlendProbe : IDisposable
{
    private readonly KvCache _cache;

    /// <param name="model">The model.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="chunks">Tokens of each chunk, one behind the other from the beginning; the rest of the text is in none.</param>
    /// <param name="ratio">The share of the chunks' tokens that is computed anew.</param>
    public BlendProbe(LanguageModel model, int[] tokens, IReadOnlyList<int> chunks, double ratio)
    {
        List<PlacedChunk> placed = [];
        _cache = model.NewCache(tokens.Length);
        try
        {
            foreach (var length in chunks)
            {
                var at = placed.Count == 0 ? 0 : placed[^1].End;
                placed.Add(new PlacedChunk(model.ReadAlone(tokens.AsSpan(at, length), 0, default), at));
            }
            var cached = chunks.Sum();
            var rows = tokens.Select((token, i) => new Row(0, token, i, i, i < cached ? Wanted.Nothing : Wanted.Head)).ToArray();
            var head = model.Head(Session.LanguageHead);
            Logits = new float[(tokens.Length - cached) * head.Weights.Rows];
            _cache.Append(0, tokens.Length);
            fixed (float* output = Logits)
                Outcome = model.RunBlended(rows, _cache, [tokens.Length], placed, ratio, head, output, _ => { });
        }
        catch
        {
            _cache.Dispose();
            throw;
        }
        finally
        {
            placed.ForEach(chunk => chunk.Cache.Dispose());
        }
    }

    /// <summary>What became of the tokens.</summary>
    public BlendOutcome Outcome { get; }

    /// <summary>[tokens that are in no chunk][vocabulary]</summary>
    public float[] Logits { get; }

    /// <summary>Keys of a layer: [heads][tokens][d].</summary>
    public float[] Keys(int layer) => [.. Heads(layer).SelectMany(head => head.Keys())];

    /// <summary>Values of a layer: [heads][tokens][d].</summary>
    public float[] Values(int layer) => [.. Heads(layer).SelectMany(head => head.Values())];

    public void Dispose() => _cache.Dispose();

    private IEnumerable<StoredHead> Heads(int layer) => Enumerable.Range(0, _cache.StoredHeads(layer)).Select(head => new StoredHead(_cache, layer, head));
}
