using System.Text.Json;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Forms;

/// <summary>Reads rows of one form.</summary>
/// <param name="form">The form.</param>
/// <param name="columns">For columns of other names: the usual name and the name in the file.</param>
internal sealed class FormReader(RowForm form, IReadOnlyDictionary<string, string> columns)
{
    /// <summary>The form.</summary>
    public RowForm Form { get; } = form;

    /// <summary>Reads a row.</summary>
    /// <exception cref="RowException">A column is missing, or holds something else than the form says.</exception>
    public Sample Read(JsonElement row) => Form.Name switch
    {
        "text" => new TextSample(Text(row, "text")),
        "preference" => Preference(row),
        "messages" => new ChatSample(MessageReader.Read(Column(row, "messages"), NameOf("messages"))),
        "conversations" => new ChatSample(
            WithSystem(OptionalText(row, "system"), MessageReader.Read(Column(row, "conversations"), NameOf("conversations")))),
        "prompt-completion" => new ChatSample(WithSystem(OptionalText(row, "system"), PromptCompletion(row))),
        "alpaca" => Turn(OptionalText(row, "system"), Joined(Text(row, "instruction"), OptionalText(row, "input")), Text(row, "output")),
        "question-response" => Turn(OptionalText(row, "system_prompt"), Text(row, "question"), Text(row, "response")),
        "query-answer" => Turn("", Text(row, "query"), Text(row, "answer")),
        "query-response" => Turn("", Text(row, "query"), Text(row, "response")),
        _ => throw new InvalidOperationException($"The form {Form} is listed and not read."),
    };

    // a prompt and a completion may each be a text or messages
    private List<Message> PromptCompletion(JsonElement row)
    {
        var (prompt, completion) = (Column(row, "prompt"), Column(row, "completion"));
        List<Message> messages = prompt.ValueKind == JsonValueKind.Array
            ? [.. MessageReader.Read(prompt, NameOf("prompt"))]
            : [new Message(Message.User, Text(row, "prompt"))];
        if (completion.ValueKind == JsonValueKind.Array)
            messages.AddRange(MessageReader.Read(completion, NameOf("completion")));
        else
            messages.Add(new Message(Message.Assistant, Text(row, "completion")));
        return messages;
    }

    private PreferenceSample Preference(JsonElement row)
    {
        var prompt = row.TryGetProperty(NameOf("prompt"), out var given) && given.ValueKind != JsonValueKind.Null ? given : default;
        return new PreferenceSample(Side(row, "chosen", prompt), Side(row, "rejected", prompt));
    }

    // a side that is messages mostly holds the prompt too: it is put before a side only where it is not there already
    private List<Message> Side(JsonElement row, string column, JsonElement prompt)
    {
        var side = Column(row, column);
        List<Message> messages = side.ValueKind == JsonValueKind.Array
            ? [.. MessageReader.Read(side, NameOf(column))]
            : [new Message(Message.Assistant, Text(row, column))];
        if (messages.Count != 1 || !messages[0].IsAssistant)
            return messages;
        return prompt.ValueKind switch
        {
            JsonValueKind.Array => [.. MessageReader.Read(prompt, NameOf("prompt")), messages[0]],
            JsonValueKind.String => [new Message(Message.User, Text(row, "prompt")), messages[0]],
            _ => throw new RowException(
                RowProblem.WrongForm, $"'{NameOf(column)}' is an answer alone, and there is no '{NameOf("prompt")}'."),
        };
    }

    private static ChatSample Turn(string system, string user, string assistant) =>
        new(WithSystem(system, [new Message(Message.User, user), new Message(Message.Assistant, assistant)]));

    private static IReadOnlyList<Message> WithSystem(string system, IReadOnlyList<Message> messages) =>
        system.Length == 0 ? messages : [new Message(Message.System, system), .. messages];

    private static string Joined(string instruction, string input) => input.Length == 0 ? instruction : $"{instruction}\n\n{input}";

    private string NameOf(string column) => columns.GetValueOrDefault(column, column);

    private JsonElement Column(JsonElement row, string column) => row.TryGetProperty(NameOf(column), out var value)
        ? value
        : throw new RowException(RowProblem.WrongForm, $"there is no column '{NameOf(column)}', which the form {Form} needs.");

    private string Text(JsonElement row, string column) => MessageReader.Text(Column(row, column), NameOf(column));

    private string OptionalText(JsonElement row, string column) =>
        row.TryGetProperty(NameOf(column), out var value) && value.ValueKind != JsonValueKind.Null
            ? MessageReader.Text(value, NameOf(column))
            : "";
}
