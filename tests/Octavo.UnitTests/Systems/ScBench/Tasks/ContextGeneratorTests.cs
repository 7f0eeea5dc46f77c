using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Tasks;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Tasks;

public class ContextGeneratorTests
{
    public static TheoryData<string, int> Lengths
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var task in SyntheticTasks.All)
            {
                data.Add(task.Name, 2048);
                data.Add(task.Name, 7000);
            }
            return data;
        }
    }

    public static TheoryData<string> Names => SyntheticTaskTests.Names;

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Make_Length_IsWithin2PercentBelow(string name, int tokens)
    {
        var task = SyntheticTasks.Of(name);
        foreach (var made in new ContextGenerator(task, BundledTokenizer.Chat).Make(new ContextOptions { Seed = 11, Count = 3, Tokens = tokens }))
        {
            // what the engine will hold: every turn with its gold answer, and room for each answer
            var rules = TaskRules.Of(name);
            var prompt = BundledTokenizer.Chat.Build(made.Context, rules, new PromptOptions());
            var length = prompt.Turns.Sum(turn => turn.Ids.Count) + prompt.Turns.Sum(turn => turn.MaxNewTokens);
            length.ShouldBeInRange((int)Math.Ceiling(tokens * 0.98), tokens);
            made.Tokens.ShouldBe(length);
            made.Context.Turns.Count.ShouldBe(rules.MaxTurns);
            task.Problem(made.Context).ShouldBeNull();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_AnotherTokenizer_FillsTheLengthToo(string name)
    {
        using var folder = new TemporaryFolder();
        var prompts = new PromptBuilder(TokenizerReader.FromFolder(TinyByteTokenizer.Write(folder.Path)), null);
        var options = new ContextOptions { Seed = 2, Count = 2, Tokens = 9000, Turns = 4, MaxNewTokens = 50 };
        foreach (var made in new ContextGenerator(SyntheticTasks.Of(name), prompts).Make(options))
            made.Tokens.ShouldBeInRange(8820, 9000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_Twice_SameBytes(string name)
    {
        string Bytes(int count) => string.Join('\n', new ContextGenerator(SyntheticTasks.Of(name), BundledTokenizer.Raw)
            .Make(new ContextOptions { Seed = 5, Count = count, Tokens = 3000 }).Take(2).Select(made => SharedContextJson.Write(made.Context)));
        Bytes(2).ShouldBe(Bytes(2));
        Bytes(3).ShouldBe(Bytes(2));
    }

    [Fact]
    public void Make_TooShort_SaysWhatItTakes() =>
        Should.Throw<ConfigException>(() => new ContextGenerator(new KeyValueTask(), BundledTokenizer.Chat).Make(new ContextOptions { Tokens = 900 }).ToList())
            .Message.ShouldContain("900 tokens are too few for 'kv' with 5 turns");

    [Fact]
    public void Make_WrongOptions_SaysAllThatIsWrong()
    {
        var message = Should.Throw<ConfigException>(() => new ContextGenerator(new KeyValueTask(), BundledTokenizer.Chat)
            .Make(new ContextOptions { Tokens = 0, Count = 0, Turns = 0, MaxNewTokens = 0 })).Message;
        foreach (var part in new[] { "count", "length", "turns", "limit" })
            message.ShouldContain(part);
    }
}
