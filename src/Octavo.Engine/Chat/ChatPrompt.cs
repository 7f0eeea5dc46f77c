using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;

namespace Octavo.Engine;

/// <summary>
/// Turns a conversation into tokens through the checkpoint's chat template. Special tokens that are written in a message are
/// encoded as plain text: only the template can begin or end a turn. Safe to use from many threads at once.
/// </summary>
public sealed class ChatPrompt
{
    // Two code points that Unicode promises never to assign; they mark what must stay plain text and never reach the model.
    private const char Open = '\uFDD0';
    private const char Close = '\uFDD1';

    private readonly ChatTemplate _template;
    private readonly Tokenizer _tokenizer;
    private readonly string[] _specials;

    /// <summary>Prepares prompts of a model.</summary>
    /// <param name="template">Its chat template.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    public ChatPrompt(ChatTemplate template, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(tokenizer);
        _template = template;
        _tokenizer = tokenizer;
        _specials = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsSpecial).Select(tokenizer.Piece)
            .Where(piece => piece.Length > 1).OrderByDescending(piece => piece.Length)];
    }

    /// <summary>Prepares prompts of a model.</summary>
    /// <param name="model">A model whose checkpoint has a chat template.</param>
    /// <exception cref="UnsupportedException">The checkpoint has none.</exception>
    public static ChatPrompt Of(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ChatPrompt(
            model.Template ?? throw new UnsupportedException(
                $"{model.Checkpoint.Path} has no chat template. Use 'octavo generate' with plain text, or give --chat-template FILE."),
            model.Tokenizer);
    }

    /// <summary>Encodes a conversation and opens the assistant's turn.</summary>
    /// <param name="messages">Role and text of each message.</param>
    /// <exception cref="ConfigException">The template refuses the conversation, or a message holds a code point that text never has.</exception>
    public IReadOnlyList<int> Encode(IEnumerable<(string Role, string Text)> messages) => EncodeRendered(Render(messages));

    /// <summary>
    /// Renders a conversation and opens the assistant's turn, for callers that encode it in parts. Special tokens that are written in a
    /// message are marked, so that <see cref="EncodeRendered"/> takes them for plain text.
    /// </summary>
    /// <param name="messages">Role and text of each message.</param>
    /// <returns>The text, which may be cut anywhere but inside of a message's special token.</returns>
    /// <exception cref="ConfigException">The template refuses the conversation, or a message holds a code point that text never has.</exception>
    public string Render(IEnumerable<(string Role, string Text)> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var array = new JsonArray();
        foreach (var (role, text) in messages)
            array.Add((JsonNode)new JsonObject { ["role"] = role, ["content"] = Mark(text) });
        var context = new JsonObject { ["messages"] = array, ["add_generation_prompt"] = true };
        if (_tokenizer.BosId is { } bos)
            context["bos_token"] = _tokenizer.Piece(bos);
        if (_tokenizer.EosId is { } eos)
            context["eos_token"] = _tokenizer.Piece(eos);
        return _template.Render(context);
    }

    private string Mark(string text)
    {
        if (text.AsSpan().IndexOfAny(Open, Close) >= 0)
            throw new ConfigException("A message holds U+FDD0 or U+FDD1, which are no characters; take them out.");
        if (!_specials.Any(special => text.Contains(special, StringComparison.Ordinal)))
            return text;
        var marked = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            var special = _specials.FirstOrDefault(piece => text.AsSpan(at).StartsWith(piece, StringComparison.Ordinal));
            if (special is null)
                marked.Append(text[at++]);
            else
                marked.Append(Open).Append(special).Append(Close);
            at += special?.Length ?? 0;
        }
        return marked.ToString();
    }

    /// <summary>Encodes what <see cref="Render"/> gave, or a part of it.</summary>
    /// <param name="rendered">The text.</param>
    /// <exception cref="ConfigException">The template has cut a message inside of a special token.</exception>
    public IReadOnlyList<int> EncodeRendered(string rendered)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        List<int> ids = [];
        while (rendered.Length > 0)
        {
            var open = rendered.IndexOf(Open, StringComparison.Ordinal);
            var plain = open < 0 ? rendered : rendered[..open];
            ids.AddRange(_tokenizer.Encode(plain).Select(token => token.Id));
            if (open < 0)
                break;
            var close = rendered.IndexOf(Close, open);
            if (close < 0)
                throw new ConfigException("The chat template cuts messages; a special token in a message cannot be kept apart. Take it out.");
            ids.AddRange(_tokenizer.Encode(rendered[(open + 1)..close], parseSpecial: false).Select(token => token.Id));
            rendered = rendered[(close + 1)..];
        }
        return ids;
    }
}
