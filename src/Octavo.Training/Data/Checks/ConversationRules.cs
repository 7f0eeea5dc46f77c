using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Checks;

/// <summary>What a sample must be like to be learned from.</summary>
internal static class ConversationRules
{
    /// <summary>What is wrong with a sample; each kind once.</summary>
    public static IEnumerable<(FindingKind Kind, string Message, string Excerpt)> Check(Sample sample) => sample switch
    {
        ChatSample chat => Messages(chat.Messages),
        PreferenceSample pair => Pair(pair),
        TextSample text when string.IsNullOrWhiteSpace(text.Text) => [(FindingKind.EmptyContent, "the text is empty.", "")],
        _ => [],
    };

    private static IEnumerable<(FindingKind Kind, string Message, string Excerpt)> Messages(IReadOnlyList<Message> messages)
    {
        if (FirstOutOfOrder(messages) is >= 0 and var wrong)
        {
            var before = wrong == 0 ? "the conversation begins with" : $"after {messages[wrong - 1].Role} comes";
            yield return (FindingKind.Roles, $"{before} {messages[wrong].Role} (message {wrong + 1}).", Excerpt(messages[wrong]));
        }
        for (var i = 0; i < messages.Count; i++)
        {
            if (!string.IsNullOrWhiteSpace(messages[i].Content))
                continue;
            yield return (FindingKind.EmptyContent, $"message {i + 1} ({messages[i].Role}) is empty.", Excerpt(messages[Math.Max(0, i - 1)]));
            break;
        }
        if (!messages.Any(message => message.IsAssistant))
            yield return (FindingKind.NoAssistant, "there is no message of the assistant.", Excerpt(messages[^1]));
        else if (messages[^1].Role == Message.User)
            yield return (FindingKind.EndsWithUser, "the last message is the user's.", Excerpt(messages[^1]));
    }

    private static IEnumerable<(FindingKind Kind, string Message, string Excerpt)> Pair(PreferenceSample pair)
    {
        foreach (var side in (IReadOnlyList<Message>[])[pair.Chosen, pair.Rejected])
        {
            var name = ReferenceEquals(side, pair.Chosen) ? "chosen" : "rejected";
            foreach (var (kind, message, excerpt) in Messages(side))
                yield return (kind, $"{name}: {message}", excerpt);
            if (side.Any(message => message.IsAssistant) && !side[^1].IsAssistant)
                yield return (FindingKind.NoAssistant, $"{name} does not end with the assistant's answer.", Excerpt(side[^1]));
        }
        if (pair.Chosen.SequenceEqual(pair.Rejected))
            yield return (FindingKind.WrongForm, "chosen and rejected are the same.", Excerpt(pair.Chosen[^1]));
        else if (!pair.Chosen.SkipLast(1).SequenceEqual(pair.Rejected.SkipLast(1)))
            yield return (FindingKind.WrongForm, "chosen and rejected differ in more than the last message.", Excerpt(pair.Rejected[0]));
    }

    // a system message may come first; then user and assistant in turn, with the tool's results between two of the assistant's
    private static int FirstOutOfOrder(IReadOnlyList<Message> messages)
    {
        var before = Message.System;
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i].Role;
            var fits = role switch
            {
                Message.System => i == 0,
                Message.User => before is Message.System or Message.Assistant,
                Message.Assistant => before is Message.User or Message.Tool,
                _ => before is Message.Assistant or Message.Tool,
            };
            if (!fits)
                return i;
            before = role;
        }
        return -1;
    }

    private static string Excerpt(Message message) => RowSource.OneLine($"{message.Role}: {message.Content}");
}
