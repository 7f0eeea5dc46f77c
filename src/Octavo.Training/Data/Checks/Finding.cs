namespace Octavo.Training.Data.Checks;

/// <summary>Something that was found in a row.</summary>
/// <param name="Number">The line or row, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Message">What it is, for people.</param>
/// <param name="Excerpt">The place of the row that it is about.</param>
internal sealed record Finding(long Number, FindingKind Kind, string Message, string Excerpt);

/// <summary>What can be found in a row. Those before <see cref="Duplicate"/> are errors, the others are things to know.</summary>
internal enum FindingKind
{
    InvalidUtf8,
    InvalidJson,
    WrongForm,
    Roles,
    EmptyContent,
    NoAssistant,
    Template,
    TooLong,
    Duplicate,
    SpecialToken,
    Truncated,
    LeftOut,
    EndsWithUser,
    OpenTurn,
    BorderToken,
}

/// <summary>What kinds of findings are called.</summary>
internal static class FindingKinds
{
    /// <summary>Whether rows with it cannot be learned as they are.</summary>
    public static bool IsError(this FindingKind kind) => kind < FindingKind.Duplicate;

    /// <summary>For machines.</summary>
    public static string Name(this FindingKind kind) => kind switch
    {
        FindingKind.InvalidUtf8 => "invalid_utf8",
        FindingKind.InvalidJson => "invalid_json",
        FindingKind.WrongForm => "wrong_form",
        FindingKind.Roles => "roles",
        FindingKind.EmptyContent => "empty_content",
        FindingKind.NoAssistant => "no_assistant",
        FindingKind.Template => "template",
        FindingKind.TooLong => "too_long",
        FindingKind.Duplicate => "duplicate",
        FindingKind.SpecialToken => "special_token",
        FindingKind.Truncated => "truncated",
        FindingKind.LeftOut => "left_out",
        FindingKind.EndsWithUser => "ends_with_user",
        FindingKind.OpenTurn => "open_turn",
        _ => "border_token",
    };

    /// <summary>For people.</summary>
    public static string Text(this FindingKind kind) => kind switch
    {
        FindingKind.InvalidUtf8 => "invalid UTF-8",
        FindingKind.InvalidJson => "invalid JSON",
        FindingKind.WrongForm => "not of the form",
        FindingKind.Roles => "roles out of order",
        FindingKind.EmptyContent => "empty messages",
        FindingKind.NoAssistant => "no answer to learn",
        FindingKind.Template => "refused by the chat template",
        FindingKind.TooLong => "too long",
        FindingKind.Duplicate => "duplicates",
        FindingKind.SpecialToken => "special tokens in the text (kept as text)",
        FindingKind.Truncated => "cut off at the end",
        FindingKind.LeftOut => "left out (too long, or nothing to learn)",
        FindingKind.EndsWithUser => "a question at the end, not answered",
        FindingKind.OpenTurn => "answers without an end token",
        _ => "tokens over the border of a turn",
    };
}
