namespace Octavo.Training.Data.Forms;

/// <summary>What a row says, whatever its columns are called.</summary>
internal abstract record Sample;

/// <summary>A conversation, for supervised fine-tuning.</summary>
/// <param name="Messages">At least one message.</param>
internal sealed record ChatSample(IReadOnlyList<Message> Messages) : Sample;

/// <summary>A document, for pre-training.</summary>
/// <param name="Text">The text.</param>
internal sealed record TextSample(string Text) : Sample;

/// <summary>Two conversations with the same beginning, of which one is better.</summary>
/// <param name="Chosen">The better one, whole.</param>
/// <param name="Rejected">The other one, whole.</param>
internal sealed record PreferenceSample(IReadOnlyList<Message> Chosen, IReadOnlyList<Message> Rejected) : Sample;
