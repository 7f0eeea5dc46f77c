using Octavo.Models;

namespace Octavo.Cli.Conversions;

/// <summary>What comparing a converted checkpoint with its source found; nothing where nothing was compared.</summary>
internal sealed record Findings
{
    /// <summary>The error of each type.</summary>
    public IReadOnlyList<TypeError>? Errors { get; init; }

    /// <summary>What both models compute.</summary>
    public Agreement? Agreement { get; init; }

    /// <summary>Whether the compared tokens are a text; otherwise they are made up, since there is no tokenizer.</summary>
    public bool IsText { get; init; }

    /// <summary>The smallest cosine of two embeddings of an encoder.</summary>
    public double? Cosine { get; init; }

    /// <summary>What could not be compared, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
