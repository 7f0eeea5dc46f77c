using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>One row is bad; the file's other rows may still be good.</summary>
/// <param name="kind">What is wrong, for counting.</param>
/// <param name="message">What is wrong, for people, without the place.</param>
/// <param name="excerpt">The part of the row that is wrong, where it is not the row's beginning.</param>
/// <param name="inner">The cause, if another exception was.</param>
internal sealed class RowException(RowProblem kind, string message, string? excerpt = null, Exception? inner = null)
    : InputFileException(message, inner)
{
    /// <summary>What is wrong.</summary>
    public RowProblem Kind { get; } = kind;

    /// <summary>The part of the row that is wrong, or null.</summary>
    public string? Excerpt { get; } = excerpt;

    /// <summary>The same with the place before it.</summary>
    public InputFileException At(string place) => new($"{place}: {Message}", this);
}

/// <summary>What can be wrong with a row.</summary>
internal enum RowProblem
{
    /// <summary>Bytes that are no UTF-8.</summary>
    InvalidUtf8,

    /// <summary>No JSON object, or one that is cut off, or too long.</summary>
    InvalidJson,

    /// <summary>A column is missing or is of another kind.</summary>
    WrongForm,

    /// <summary>The chat template refuses the conversation.</summary>
    Template,

    /// <summary>More tokens than are allowed, where that is an error.</summary>
    TooLong,
}
