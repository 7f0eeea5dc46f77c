using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Chats;

/// <summary>Renders conversations by a chat template, with marks around special tokens that messages spell.</summary>
internal sealed class ChatRenderer
{
    // templates may print today's date; a run must see the same texts on every day
    private static readonly TimeProvider _clock = new FixedClock(new DateTimeOffset(2024, 7, 26, 12, 0, 0, TimeSpan.Zero));

    private readonly ChatTemplate _template;
    private readonly LiteralSpecials _literals;
    private readonly string? _bos;
    private readonly string? _eos;

    public ChatRenderer(ChatTemplate template, Tokenizer tokenizer, LiteralSpecials literals)
    {
        (_template, _literals) = (template, literals);
        _bos = tokenizer.BosId is { } bos ? tokenizer.Piece(bos) : null;
        _eos = tokenizer.EosId is { } eos ? tokenizer.Piece(eos) : null;
        MarksGenerations = template.Source.Contains("endgeneration", StringComparison.Ordinal);
    }

    /// <summary>Whether the template itself says what the assistant writes.</summary>
    public bool MarksGenerations { get; }

    /// <summary>Renders messages; where the template marks them, with the ranges that the assistant writes.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="count">How many of them, from the first.</param>
    /// <param name="opensTurn">Whether the assistant's next turn is opened.</param>
    /// <exception cref="RowException">The template refuses the conversation.</exception>
    public RenderedChat Render(IReadOnlyList<Message> messages, int count, bool opensTurn)
    {
        var array = new JsonArray();
        for (var i = 0; i < count; i++)
            array.Add((JsonNode)new JsonObject { ["role"] = messages[i].Role, ["content"] = _literals.Mark(messages[i].Content) });
        var context = new JsonObject { ["messages"] = array, ["add_generation_prompt"] = opensTurn };
        if (_bos is not null)
            context["bos_token"] = _bos;
        if (_eos is not null)
            context["eos_token"] = _eos;
        try
        {
            return _template.RenderWithGenerationSpans(context, _clock);
        }
        catch (ConfigException error)
        {
            throw new RowException(RowProblem.Template, $"the chat template refuses the conversation: {error.Message}", null, error);
        }
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
