namespace Octavo.Core.Tokenizers;

/// <summary>One or two texts as the input of a model. All lists are as long as <see cref="Ids"/>.</summary>
public sealed class EncodedInput
{
    private readonly int[] _ids;
    private readonly int[] _typeIds;
    private readonly int[] _attentionMask;
    private readonly int[] _texts;

    internal EncodedInput(Token[] tokens, int[] typeIds, int[] attentionMask, int[] texts, int cutTokens)
    {
        _ids = Array.ConvertAll(tokens, token => token.Id);
        _typeIds = typeIds;
        _attentionMask = attentionMask;
        _texts = texts;
        Tokens = Array.AsReadOnly(tokens);
        CutTokens = cutTokens;
    }

    /// <summary>Token ids.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>The type of each token: for most models 0 in the first text and 1 in the second.</summary>
    public ReadOnlySpan<int> TypeIds => _typeIds;

    /// <summary>1 for a token, 0 for padding.</summary>
    public ReadOnlySpan<int> AttentionMask => _attentionMask;

    /// <summary>Which text each token is of, 0 or 1; -1 for the tokens around texts and for padding.</summary>
    public ReadOnlySpan<int> Texts => _texts;

    /// <summary>The tokens with their places, each in its own text; tokens around texts and padding are at 0, 0.</summary>
    public IReadOnlyList<Token> Tokens { get; }

    /// <summary>How many tokens of the texts were cut off because the input was too long.</summary>
    public int CutTokens { get; }
}
