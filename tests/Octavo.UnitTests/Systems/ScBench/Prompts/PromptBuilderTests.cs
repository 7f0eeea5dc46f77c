using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Engine;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Tasks;
using Octavo.UnitTests.Systems.ScBench.Tasks;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Prompts;

public class PromptBuilderTests
{
    private static readonly SharedContext _context = new KeyValueTask(KeyValueVariant.Words).Make(1, 0, 0, 12, 8);

    private static readonly TaskRules _rules = TaskRules.Of("kv_words");

    public static TheoryData<string> Names => SyntheticTaskTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_GoldenConversation_IsTheWholeConversationsIds(string name)
    {
        // appended turn by turn it must be what the template makes of all of it at once
        var rules = TaskRules.Of(name);
        var context = SyntheticTasks.Of(name).Make(4, 1, 0, 40, rules.MaxTurns);
        var prompt = BundledTokenizer.Chat.Build(context, rules, new PromptOptions());
        var first = new[] { rules.Instruction, context.Context, context.Turns[0].Input }.Where(part => part.Length > 0);
        List<(string, string)> messages = [("user", string.Join("\n\n", first))];
        for (var i = 1; i < context.Turns.Count; i++)
            messages.AddRange([("assistant", context.Turns[i - 1].Answer.Said), ("user", context.Turns[i].Input)]);
        using var file = Octavo.Core.Gguf.GgufFile.Open(Octavo.TestKit.Repository.BundledModel);
        var template = ChatTemplate.Parse(file.Metadata.Get<string>("tokenizer.chat_template"));
        prompt.Turns.SelectMany(turn => turn.Ids).ShouldBe(new ChatPrompt(template, BundledTokenizer.Tokenizer).Encode(messages));
    }

    [Fact]
    public void Build_Default_Has5TurnsAndMixtures8()
    {
        BundledTokenizer.Raw.Build(_context, _rules, new PromptOptions()).Turns.Count.ShouldBe(5);
        BundledTokenizer.Raw.Build(_context, _rules, new PromptOptions { MaxTurns = 7 }).Turns.Count.ShouldBe(7);
        var mixed = BundledTokenizer.Raw.Build(new NeedleTask().Make(1, 0, 0, 40, 9), TaskRules.Of("scbench_needles"), new PromptOptions());
        mixed.Turns.Select(turn => turn.MaxNewTokens).ShouldBe([15, 80, 15, 80, 15, 80, 15, 80]);
        TaskRules.All.Where(rules => rules.Parts.Count == 0).Select(rules => (rules.Name, rules.MaxNewTokens)).ShouldBe(
            [("kv", 150), ("kv_words", 150), ("kv_hard", 150), ("kv_compressible", 150), ("prefix_suffix", 150), ("vt", 30), ("toy_kv", 2), ("many_shot", 10)]);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    public void Build_TooLong_KeepsBothEnds(int room)
    {
        var context = new KeyValueTask(KeyValueVariant.Words).Make(1, 0, 0, 400, 5);
        var whole = BundledTokenizer.Chat.Build(context, _rules, new PromptOptions());
        var cut = BundledTokenizer.Chat.Build(context, _rules, new PromptOptions { MaxLength = room + (5 * 150) });
        var ids = cut.Turns[0].Ids;
        ids.Count.ShouldBe(1000);
        ids.Take(500).ShouldBe(whole.Turns[0].Ids.Take(500));
        ids.Skip(500).ShouldBe(whole.Turns[0].Ids.TakeLast(500));
        cut.LeftOut.ShouldBe(whole.Turns[0].Ids.Count - 1000);
        cut.Turns.Skip(1).Select(turn => turn.Ids).ShouldBe(whole.Turns.Skip(1).Select(turn => turn.Ids));
        whole.LeftOut.ShouldBe(0);
    }

    [Fact]
    public void Build_TooLongRequests_LeaveRoomForQuestions()
    {
        var context = new KeyValueTask(KeyValueVariant.Words).Make(1, 0, 0, 400, 5);
        var options = new PromptOptions { Mode = ContextMode.MultiRequest, MaxLength = 3000 };
        BundledTokenizer.Raw.Build(context, _rules, options).Context.Count.ShouldBe(3000 - (5 * 150) - 1000);
        Should.Throw<ConfigException>(() => BundledTokenizer.Raw.Build(context, _rules, options with { MaxLength = 1751 })).Message.ShouldContain("no room");
    }

    [Fact]
    public void Most_Mixture_CountsItsPartsForHalfTheTurns() =>
        Truncation.Most(TaskRules.Of("needles"), new PromptOptions { MaxLength = 10_000 }, 8).ShouldBe(10_000 - (8 * (15 + 80) / 2));

    [Fact]
    public void Build_SpecialTokensInAContext_StayText()
    {
        var context = _context with { Context = "a <|im_end|> b <|endoftext|>" };
        foreach (var prompts in new[] { BundledTokenizer.Raw, BundledTokenizer.Chat })
        {
            foreach (var mode in Enum.GetValues<ContextMode>())
            {
                var prompt = prompts.Build(context, _rules, new PromptOptions { Mode = mode });
                var first = mode == ContextMode.MultiTurn ? prompt.Turns[0].Ids : prompt.Context;
                BundledTokenizer.Text(first).ShouldContain("a <|im_end|> b <|endoftext|>");
                // the template's own: a system message and the user's
                first.Count(BundledTokenizer.Tokenizer.IsSpecial).ShouldBeLessThanOrEqualTo(5);
                first.ShouldNotContain(BundledTokenizer.Tokenizer.IdOf("<|endoftext|>")!.Value);
            }
        }
    }

    [Fact]
    public void Build_RequestsWithOwnHistory_AreRefused() => Should.Throw<ConfigException>(() => BundledTokenizer.Raw.Build(
        _context, _rules, new PromptOptions { Mode = ContextMode.MultiRequest, History = AnswerHistory.Self, MaxTurns = 0 })).Message.ShouldContain("no history");

    [Fact]
    public void Build_TemplateThatRewritesTurns_IsRefused()
    {
        // what opens the answer is left out of a turn that another one follows
        const string Rewriting = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant><think>{% endif %}";
        var prompts = new PromptBuilder(BundledTokenizer.Tokenizer, new ChatPrompt(ChatTemplate.Parse(Rewriting), BundledTokenizer.Tokenizer));
        Should.Throw<UnsupportedException>(() => prompts.Build(_context, _rules, new PromptOptions())).Message.ShouldContain("raw");
        prompts.Build(_context, _rules, new PromptOptions { History = AnswerHistory.Self }).Turns.Count.ShouldBe(5);
    }

    [Fact]
    public void Build_TurnOfAMixtureWithoutATask_IsRefused() =>
        Should.Throw<InputFileException>(() => BundledTokenizer.Raw.Build(_context, TaskRules.Of("needles"), new PromptOptions())).Message.ShouldContain("passkey, kv");

    [Fact]
    public void Of_UnknownTask_ListsThem() => Should.Throw<UnsupportedException>(() => TaskRules.Of("scbench_tea")).Message.ShouldContain("prefix_suffix");
}
