using Octavo.Core;
using Octavo.Evaluation.Rehearsal;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Rehearsal;

public class SelfConversationsTests(BundledModelFixture bundled) : IClassFixture<BundledModelFixture>
{
    [Fact]
    public void Generate_BatchOfThreeAndOfEight_GiveTheSameRows()
    {
        var three = new SelfConversations(bundled.Model, 3) { LongestAnswer = 240 }.Generate(3, 2).ToList();
        var eight = new SelfConversations(bundled.Model, 8) { LongestAnswer = 240 }.Generate(3, 2).ToList();
        eight.ShouldBe(three);
        three[0].Question.ShouldNotBe(three[1].Question);
        three.ShouldAllBe(row => row.Question.Length > 0 && row.Target.Length > 0);
        three.ShouldAllBe(row => !row.Question.Contains("<|im_start|>") && !row.Target.Contains("<|im_end|>"));
    }

    [Fact]
    public void Generate_AnswersThatNeverEnd_AreRefusedWithTheirNumber()
    {
        var conversations = new SelfConversations(bundled.Model, 8) { LongestAnswer = 1 };
        Should.Throw<ConfigException>(() => conversations.Generate(1, 1).ToList()).Message.ShouldContain("0 of 40 conversations");
    }

    [Fact]
    public void Generate_NoRows_IsRefused() =>
        Should.Throw<ConfigException>(() => new SelfConversations(bundled.Model, 1).Generate(0, 0)).Message.ShouldContain("at least 1");
}
