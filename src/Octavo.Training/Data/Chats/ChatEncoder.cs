using System.Security.Cryptography;
using System.Text;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Chats;

/// <summary>
/// Encodes conversations with the exact mask of what the assistant says. A token is learned if it holds a character of an
/// assistant's range. Tokens are those that chat gives the model for the same messages. Safe to use from several threads.
/// </summary>
internal sealed class ChatEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly ChatRenderer _renderer;
    private readonly AssistantSpans _spans;
    private readonly LearnedTurns _turns;

    /// <summary>Prepares a template for a tokenizer.</summary>
    public ChatEncoder(ChatTemplate template, Tokenizer tokenizer, LearnedTurns turns = LearnedTurns.All)
    {
        (_tokenizer, _turns) = (tokenizer, turns);
        Literals = new LiteralSpecials(tokenizer);
        _renderer = new ChatRenderer(template, tokenizer, Literals);
        _spans = new AssistantSpans(_renderer, Literals);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template.Source)).AsSpan(0, 8));
    }

    /// <summary>Tells the template from another one.</summary>
    public string Fingerprint { get; }

    /// <summary>The special tokens of the tokenizer.</summary>
    public LiteralSpecials Literals { get; }

    /// <summary>Encodes a whole conversation, without a limit on its length.</summary>
    /// <exception cref="RowException">The template refuses the conversation.</exception>
    /// <exception cref="UnsupportedException">What the assistant says cannot be told from the rest.</exception>
    public EncodedChat Encode(IReadOnlyList<Message> messages)
    {
        var (text, spans) = _spans.Find(messages);
        if (_turns == LearnedTurns.Last && spans.Count > 1)
            spans.RemoveRange(0, spans.Count - 1);
        var tokens = Tokenize(text);
        var isTarget = new bool[tokens.Count];
        var (border, ended, at) = (0, 0, 0);
        foreach (var span in spans)
        {
            while (at < tokens.Count && !IsIn(tokens[at], span))
                at++;
            var last = -1;
            for (; at < tokens.Count && IsIn(tokens[at], span); at++)
            {
                (isTarget[at], last) = (true, at);
                if (tokens[at].Start < span.Start || tokens[at].End > span.End)
                    border++;
            }
            if (last >= 0 && _tokenizer.IsSpecial(tokens[last].Id))
                ended++;
        }
        return new EncodedChat([.. tokens.Select(token => token.Id)], isTarget, border, spans.Count - ended);
    }

    /// <summary>The tokens of the first messages, as the mask by lengths of prefixes needs them.</summary>
    public int[] EncodePrefix(IReadOnlyList<Message> messages, int count, bool opensTurn) =>
        [.. Tokenize(LiteralSpecials.Unmark(_renderer.Render(messages, count, opensTurn).Text)).Select(token => token.Id)];

    private static bool IsIn(Token token, GenerationSpan span) => token.Start == token.End
        ? token.Start >= span.Start && token.Start < span.End
        : token.Start < span.End && token.End > span.Start;

    // places come back in UTF-16 units of the whole text
    private List<Token> Tokenize(MarkedText text)
    {
        var tokens = new List<Token>((text.Text.Length / 3) + 8);
        var at = 0;
        foreach (var (start, end) in text.Literals)
        {
            Append(tokens, text.Text[at..start], at, parseSpecial: true);
            Append(tokens, text.Text[start..end], start, parseSpecial: false);
            at = end;
        }
        Append(tokens, at == 0 ? text.Text : text.Text[at..], at, parseSpecial: true);
        return tokens;
    }

    private void Append(List<Token> tokens, string part, int offset, bool parseSpecial)
    {
        if (part.Length == 0)
            return;
        var found = _tokenizer.Encode(part, addSpecial: false, parseSpecial);
        var places = CodePoints.PlacesOf(part);
        foreach (var token in found)
        {
            var (start, end) = places is null ? (token.Start, token.End) : (places[token.Start], places[token.End]);
            tokens.Add(new Token(token.Id, offset + start, offset + end));
        }
    }
}

/// <summary>A conversation as tokens.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="IsTarget">Whether each is learned.</param>
/// <param name="BorderTokens">Tokens that are learned and reach over the border of a turn.</param>
/// <param name="OpenTurns">Learned turns whose last token is no special one: a model would not learn to stop there.</param>
internal sealed record EncodedChat(int[] Ids, bool[] IsTarget, int BorderTokens, int OpenTurns)
{
    /// <summary>Tokens that are learned; the first has nothing before it to be predicted from. A template may render nothing.</summary>
    public int Targets => IsTarget.AsSpan(Math.Min(1, IsTarget.Length)).Count(true);
}
