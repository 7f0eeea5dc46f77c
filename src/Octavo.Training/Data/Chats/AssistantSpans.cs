using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Training.Data.Forms;

namespace Octavo.Training.Data.Chats;

/// <summary>Finds what the assistant writes in a rendered conversation, by characters and never by counting tokens.</summary>
/// <param name="renderer">The template.</param>
/// <param name="literals">The special tokens.</param>
internal sealed class AssistantSpans(ChatRenderer renderer, LiteralSpecials literals)
{
    /// <summary>The text of a conversation, and the ranges that the assistant writes, end tokens included.</summary>
    /// <exception cref="UnsupportedException">The template does not mark them and they cannot be derived.</exception>
    /// <exception cref="Rows.RowException">The template refuses the conversation.</exception>
    public (MarkedText Text, List<GenerationSpan> Spans) Find(IReadOnlyList<Message> messages)
    {
        var whole = renderer.Render(messages, messages.Count, opensTurn: false);
        var text = LiteralSpecials.Unmark(whole.Text);
        var marked = renderer.MarksGenerations ? whole.Generations : Derive(messages, whole.Text);
        var spans = new List<GenerationSpan>();
        foreach (var span in marked)
        {
            var (start, end) = (text.PlaceOf(span.Start), text.PlaceOf(span.End));
            spans.Add(new GenerationSpan(start, renderer.MarksGenerations ? end : EndOf(text, start, end)));
        }
        return (text, spans);
    }

    // a turn is what stands between the conversation before it, with the turn opened, and the conversation up to it
    private List<GenerationSpan> Derive(IReadOnlyList<Message> messages, string whole)
    {
        var spans = new List<GenerationSpan>();
        for (var i = 0; i < messages.Count; i++)
        {
            if (!messages[i].IsAssistant)
                continue;
            var before = renderer.Render(messages, i, opensTurn: true).Text;
            var through = i == messages.Count - 1 ? whole : renderer.Render(messages, i + 1, opensTurn: false).Text;
            if (!whole.StartsWith(before, StringComparison.Ordinal))
                throw Unstable(i, "what stands before the turn, with the turn opened,");
            if (!whole.StartsWith(through, StringComparison.Ordinal) || through.Length < before.Length)
                throw Unstable(i, "the conversation up to the turn");
            spans.Add(new GenerationSpan(before.Length, through.Length));
        }
        return spans;
    }

    // what separates turns stands behind the end token and is never generated
    private int EndOf(MarkedText text, int start, int end)
    {
        var trimmed = text.Text.AsSpan(start, end - start).TrimEnd();
        foreach (var special in literals.Spellings)
        {
            if (trimmed.EndsWith(special, StringComparison.Ordinal) && !text.IsLiteral(start + trimmed.Length - 1))
                return start + trimmed.Length;
        }
        return end;
    }

    private static UnsupportedException Unstable(int message, string what) => new(
        $"the chat template does not mark what the assistant says, and it cannot be derived: {what} is rendered in another way when "
        + $"messages follow (message {message + 1}). Give a template with {{% generation %}} blocks, or one of: "
        + $"{string.Join(", ", BuiltInTemplates.Names)}.");
}
