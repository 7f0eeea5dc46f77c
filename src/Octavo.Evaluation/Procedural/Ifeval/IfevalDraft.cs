using System.Text;

namespace Octavo.Evaluation.Procedural.Ifeval;

/// <summary>An answer in the making: instructions change its parts, and rendering puts them in their order.</summary>
/// <param name="topic">What it is about.</param>
/// <param name="request">The request without its instructions.</param>
internal sealed class IfevalDraft(string topic, string request)
{
    public string Topic { get; } = topic;

    public string Request { get; } = request;

    /// <summary>The sentences.</summary>
    public List<string> Sentences { get; } = [];

    /// <summary>Into how many parts they are cut, and what stands between these.</summary>
    public (int Count, string Separator) Parts { get; set; } = (1, " ");

    /// <summary>What stands before the sentences of a part, by its place from 1.</summary>
    public Dictionary<int, string> PartStarts { get; } = [];

    public string? Title { get; set; }

    public string? Repeated { get; set; }

    public List<string> Bullets { get; } = [];

    public string? Postscript { get; set; }

    public string? End { get; set; }

    public bool IsQuoted { get; set; }

    /// <summary>Makes all letters upper or lower case.</summary>
    public Func<string, string>? Case { get; set; }

    /// <summary>The whole answer, where an instruction leaves no room for others.</summary>
    public string? Whole { get; set; }

    public string Render()
    {
        if (Whole is not null)
            return Whole;
        var text = new StringBuilder();
        AddBlock(text, Repeated);
        AddBlock(text, Title);
        AddBlock(text, Body());
        AddBlock(text, Bullets.Count == 0 ? null : string.Join('\n', Bullets.Select(bullet => "* " + bullet)));
        AddBlock(text, Postscript);
        if (End is not null)
            text.Append(text.Length == 0 || Postscript is not null || Bullets.Count > 0 ? "\n" : " ").Append(End);
        var answer = Case is null ? text.ToString() : Case(text.ToString());
        return IsQuoted ? $"\"{answer}\"" : answer;
    }

    // sentences are dealt to the parts in turn, as evenly as they go
    private string Body()
    {
        List<string> parts = [];
        for (var part = 0; part < Parts.Count; part++)
        {
            var (from, to) = (Sentences.Count * part / Parts.Count, Sentences.Count * (part + 1) / Parts.Count);
            var sentences = string.Join(' ', Sentences[from..to]);
            parts.Add(PartStarts.TryGetValue(part + 1, out var start) ? start + sentences : sentences);
        }
        return string.Join(Parts.Separator, parts);
    }

    private static void AddBlock(StringBuilder text, string? block)
    {
        if (!string.IsNullOrEmpty(block))
            text.Append(text.Length == 0 ? "" : "\n").Append(block);
    }
}
