using Octavo.Core.Tokenizers;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Evaluation.Requests;

/// <summary>
/// Tokens of a raw context and its continuation, as lm-eval makes them: blanks at the context's end go to the continuation, both are
/// encoded as one text and cut where the context alone would end. Where tokens merge across the border, the continuation may be empty.
/// </summary>
internal static class PairEncoding
{
    public static (int[] Context, int[] Continuation) Encode(Tokenizer tokenizer, string context, string continuation)
    {
        var end = context.Length;
        while (end > 0 && PythonText.IsBlank(context[end - 1]))
            end--;
        continuation = context[end..] + continuation;
        context = context[..end];
        var (before, whole) = (Ids(tokenizer, context), Ids(tokenizer, context + continuation));
        return (before, whole[Math.Min(before.Length, whole.Length)..]);
    }

    private static int[] Ids(Tokenizer tokenizer, string text) => [.. tokenizer.Encode(text).Select(token => token.Id)];
}
