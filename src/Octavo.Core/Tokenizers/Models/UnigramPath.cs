using System.Buffers;

namespace Octavo.Core.Tokenizers.Models;

/// <summary>
/// Finds the best-scoring sequence of pieces: for each place the best sequence that ends there, from those that end before.
/// Belongs to one encoding.
/// </summary>
/// <param name="model">Pieces and scores.</param>
/// <param name="allows">Whether a piece may be used; null: each may.</param>
internal sealed class UnigramPath(UnigramModel model, Func<int, bool>? allows = null)
{
    private readonly Node[] _few = new Node[128];

    /// <summary>Finds the sequence.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    /// <param name="path">Where its tokens are added; characters without a piece are unknown tokens, one each.</param>
    public void Find(ReadOnlySpan<char> text, List<WordToken> path)
    {
        // A whole text's places are too many to be made anew each time.
        var nodes = text.Length < _few.Length ? _few : ArrayPool<Node>.Shared.Rent(text.Length + 1);
        nodes.AsSpan(0, text.Length + 1).Fill(new Node(-1, -1, 0));
        for (var start = 0; start < text.Length;)
        {
            var length = char.IsHighSurrogate(text[start]) ? 2 : 1;
            Extend(text, start, length, nodes);
            start += length;
        }
        var first = path.Count;
        for (var end = text.Length; end > 0; end = nodes[end].Start)
            path.Add(new WordToken(nodes[end].Id, nodes[end].Start, end));
        path.Reverse(first, path.Count - first);
        if (nodes != _few)
            ArrayPool<Node>.Shared.Return(nodes);
    }

    private void Extend(ReadOnlySpan<char> text, int start, int length, Node[] nodes)
    {
        var (trie, scores) = (model.Trie, model.Scores);
        var before = nodes[start].Score;
        var alone = false;
        var node = 0;
        for (var at = start; at < text.Length; at++)
        {
            node = trie.Step(node, text[at]);
            if (node == 0)
                break;
            var id = trie.Id(node);
            if (id < 0 || allows is not null && !allows(id))
                continue;
            Offer(ref nodes[at + 1], id, start, Rounded(scores[id] + before));
            alone |= at + 1 - start == length;
        }
        if (!alone)
            Offer(ref nodes[start + length], model.Unknown, start, Rounded(model.UnknownScore + before));
    }

    private static void Offer(ref Node node, int id, int start, double score)
    {
        if (node.Start < 0 || score > node.Score)
            node = new Node(id, start, score);
    }

    private double Rounded(double score) => model.SinglePrecision ? (float)score : score;

    private readonly record struct Node(int Id, int Start, double Score);
}
