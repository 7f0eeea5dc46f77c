using System.Text;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>Texts that a trained tokenizer is measured on.</summary>
/// <param name="Blocks">The texts.</param>
/// <param name="IsHeldOut">Whether they were not learnt from.</param>
internal sealed record HeldOutText(IReadOnlyList<TextBlock> Blocks, bool IsHeldOut)
{
    /// <summary>Encodes and decodes every text.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <returns>How many bytes and how many tokens they have.</returns>
    /// <exception cref="EvaluationException">A text does not come back as it was.</exception>
    public (long Bytes, long Tokens) Measure(Tokenizer tokenizer)
    {
        var (bytes, tokens) = (0L, 0L);
        foreach (var block in Blocks)
        {
            var start = 0;
            foreach (var end in block.Ends)
            {
                var text = Encoding.UTF8.GetString(block.Bytes, start, end - start);
                var ids = tokenizer.Encode(text).Select(token => token.Id).ToArray();
                if (tokenizer.Decode(ids, skipSpecial: false) != text)
                {
                    throw new EvaluationException(
                        $"a text does not come back from its {ids.Length} tokens: '{text[..Math.Min(60, text.Length)]}…'. Report this.");
                }
                (bytes, tokens, start) = (bytes + end - start, tokens + ids.Length, end);
            }
        }
        return (bytes, tokens);
    }
}
