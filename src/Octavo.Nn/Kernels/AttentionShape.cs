namespace Octavo.Nn.Kernels;

/// <summary>What attention computes, beside its tokens.</summary>
/// <param name="Heads">Query heads H.</param>
/// <param name="KvHeads">Key and value heads Hkv; H is a multiple.</param>
/// <param name="Width">Numbers of a head Dh.</param>
/// <param name="Scale">What q · k is multiplied with.</param>
/// <param name="Softcap">Scores become cap · tanh(score / cap); 0 for none.</param>
/// <param name="Window">A query sees so many keys, its own the last; <see cref="int.MaxValue"/> for all.</param>
/// <param name="IsCausal">Whether a query sees no key after its own.</param>
internal sealed record AttentionShape(int Heads, int KvHeads, int Width, float Scale, float Softcap, int Window, bool IsCausal)
{
    /// <summary>Numbers of a head as the kernels hold them.</summary>
    public int Padded => BlockProduct.Padded(Width);

    /// <summary>The keys that some of the queries from one on see.</summary>
    public (int First, int End) Keys(int query, int queries, int length) =>
        (Window > query ? 0 : query - Window + 1, IsCausal ? query + queries : length);
}
