using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Engine;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Prompts;

/// <summary>
/// Turns shared contexts into token ids. A paragraph is separated from the next by one blank line. Turns are encoded by themselves,
/// so that what is in the cache is never encoded anew. Where this differs from the released code: a template is asked for whole
/// conversations and what it adds for a turn is cut out of them, which holds for templates that put in a system message by
/// themselves too; a prompt has one beginning-of-text token; in a raw text a blank stands before a gold answer, as a model would
/// write it. Safe to use from many threads at once.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="chat">The model's chat template; null for raw text.</param>
internal sealed class PromptBuilder(Tokenizer tokenizer, ChatPrompt? chat)
{
    private const string Blank = "\n\n";
    private const string User = "user";
    private const string Assistant = "assistant";

    // stands for a text while the template is asked what comes before and behind it
    private const string Mark = "[[[octavo]]]";

    /// <summary>Makes the prompts of a context.</summary>
    /// <param name="context">The context; it is not changed.</param>
    /// <param name="rules">The task.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ConfigException">The options do not go together, leave no room, or the template refuses the
    /// conversation.</exception>
    /// <exception cref="UnsupportedException">The template writes a turn in a way that depends on later ones.</exception>
    public SharedPrompt Build(SharedContext context, TaskRules rules, PromptOptions options)
    {
        options.Validate();
        var turns = context.Turns.Take(options.MaxTurns ?? rules.MaxTurns).ToList();
        var most = Truncation.Most(rules, options, turns.Count);
        var body = rules.Instruction.Length > 0 ? rules.Instruction + Blank + context.Context : context.Context;
        var isConversation = options.Mode == ContextMode.MultiTurn;
        var first = isConversation ? EncodeFirst(body + Blank + turns[0].Input) : EncodeContext(body);
        var kept = Truncation.Middle(first, most);
        List<PromptTurn> prompts = [];
        for (var i = 0; i < turns.Count; i++)
        {
            var ids = !isConversation ? EncodeRequest(turns[i].Input)
                : i == 0 ? kept
                : options.History == AnswerHistory.Golden ? EncodeAfterGold(turns[i - 1].Answer.Said, turns[i].Input)
                : EncodeAfterOwn(turns[i].Input);
            var part = rules.Of(turns[i]);
            prompts.Add(new PromptTurn(ids, options.MaxNewTokens ?? part.MaxNewTokens, part));
        }
        return new SharedPrompt(isConversation ? [] : kept, prompts, first.Count - kept.Count);
    }

    private IReadOnlyList<int> EncodeFirst(string text) => chat is null ? Raw(text, isBeginning: true) : chat.Encode([(User, text)]);

    private IReadOnlyList<int> EncodeContext(string body) =>
        chat is null ? Raw(body, isBeginning: true) : chat.EncodeRendered(Before(chat.Render([(User, body + Mark)])));

    private IReadOnlyList<int> EncodeRequest(string input) =>
        chat is null ? Raw(Blank + input) : chat.EncodeRendered(Behind(chat.Render([(User, Mark + Blank + input)])));

    // the answer stands directly behind what opened the assistant's turn
    private IReadOnlyList<int> EncodeAfterGold(string answer, string input)
    {
        if (chat is null)
            return Raw($" {answer}{Blank}{input}");
        var opened = chat.Render([(User, Mark)]);
        var continued = chat.Render([(User, Mark), (Assistant, answer), (User, input)]);
        if (!continued.StartsWith(opened, StringComparison.Ordinal))
            throw new UnsupportedException(
                "The chat template writes a turn differently once another follows, so that turns cannot be appended. Use raw prompts.");
        return chat.EncodeRendered(continued[opened.Length..]);
    }

    // begins with what closes the answer: a token that ended its generation is not in the cache
    private IReadOnlyList<int> EncodeAfterOwn(string input)
    {
        if (chat is not null)
            return chat.EncodeRendered(Behind(chat.Render([(User, "?"), (Assistant, Mark), (User, input)])));
        return tokenizer.EosId is { } eos ? [eos, .. Raw(input)] : Raw(Blank + input);
    }

    private IReadOnlyList<int> Raw(string text, bool isBeginning = false) =>
        [.. tokenizer.Encode(text, addSpecial: isBeginning, parseSpecial: false).Select(token => token.Id)];

    private static string Before(string rendered) => rendered[..Place(rendered)];

    private static string Behind(string rendered) => rendered[(Place(rendered) + Mark.Length)..];

    private static int Place(string rendered)
    {
        var at = rendered.IndexOf(Mark, StringComparison.Ordinal);
        return at >= 0 && rendered.IndexOf(Mark, at + 1, StringComparison.Ordinal) < 0
            ? at
            : throw new UnsupportedException(
                "The chat template does not write a message once and as it is, so that it cannot be cut there. Use raw prompts.");
    }
}
