using System.Security.Cryptography;
using System.Text;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Tasks;
using Octavo.TestKit;
using Octavo.UnitTests.Systems.ScBench.Tasks;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Prompts;

/// <summary>
/// Prompts of each task with the bundled tokenizer, as text to read and as a hash of their ids. OCTAVO_UPDATE_SNAPSHOTS=1 writes
/// them anew.
/// </summary>
public class PromptSnapshotTests
{
    private static readonly (string Name, PromptOptions Options)[] _kinds =
    [
        ("multi-turn, golden history", new PromptOptions()),
        ("multi-turn, own history", new PromptOptions { History = AnswerHistory.Self }),
        ("multi-request", new PromptOptions { Mode = ContextMode.MultiRequest }),
    ];

    public static TheoryData<string> Names => SyntheticTaskTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_EachTask_IsTheSnapshot(string name)
    {
        var rules = TaskRules.Of(name);
        var task = SyntheticTasks.Of(name);
        var context = task.Make(1, 0, 0, task.MinSize(rules.MaxTurns), rules.MaxTurns);
        var text = new StringBuilder();
        foreach (var (kind, options) in _kinds)
        {
            Write(text, $"{kind}, chat template", BundledTokenizer.Chat.Build(context, rules, options));
            Write(text, $"{kind}, raw text", BundledTokenizer.Raw.Build(context, rules, options));
        }
        var snapshot = Repository.At("tests", "Octavo.UnitTests", "Systems", "ScBench", "Prompts", "snapshots", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("OCTAVO_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(snapshot, text.ToString());
        text.ToString().ShouldBe(File.ReadAllText(snapshot));
    }

    private static void Write(StringBuilder text, string kind, SharedPrompt prompt)
    {
        text.Append($"######## {kind}\n");
        if (prompt.Context.Count > 0)
            Write(text, "context", prompt.Context);
        foreach (var (turn, i) in prompt.Turns.Select((turn, i) => (turn, i)))
            Write(text, $"turn {i + 1}, {turn.Rules.Name}, at most {turn.MaxNewTokens} new tokens", turn.Ids);
    }

    private static void Write(StringBuilder text, string part, IReadOnlyList<int> ids)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', ids))));
        text.Append($"==== {part}: {ids.Count} tokens, ids {hash[..16]}\n{BundledTokenizer.Text(ids)}\n");
    }
}
