using System.Text;

namespace Octavo.Systems.ScBench.Tasks.ManyShot;

/// <summary>A question with options, of which one is right.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Options">What there is to choose from.</param>
/// <param name="Right">Which of them is right.</param>
internal sealed record Example(string Question, IReadOnlyList<string> Options, int Right)
{
    private const string Cue = "Answer:";

    /// <summary>The letter of the right option.</summary>
    public string Letter => ((char)('A' + Right)).ToString();

    /// <summary>The question, its options, and the cue that the letter follows.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder("Question: ").Append(Question).Append("\nOptions:\n");
            for (var i = 0; i < Options.Count; i++)
                text.Append('(').Append((char)('A' + i)).Append(") ").Append(Options[i]).Append('\n');
            return text.Append(Cue).ToString();
        }
    }

    /// <summary>The same with its answer, as it stands in a context.</summary>
    public string Shot => $"{Text} {Letter}";

    /// <summary>Reads what <see cref="Text"/> wrote; no option is said to be right.</summary>
    public static (string Question, IReadOnlyList<string> Options) Read(string text)
    {
        var lines = text.Split('\n');
        return (lines[0]["Question: ".Length..], [.. lines[2..^1].Select(line => line["(A) ".Length..])]);
    }
}
