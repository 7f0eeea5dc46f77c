using Octavo.Core;
using Octavo.Evaluation.Rehearsal;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Rehearsal;

public class SelfConversationsTests(BundledModelFixture bundled) : IClassFixture<BundledModelFixture>
{
    [Fact]
    public void Generate_BatchOfOneAndOfFour_GiveTheSameRows()
    {
        var one = new SelfConversations(bundled.Model, 1) { LongestAnswer = 48 }.Generate(3, 2).ToList();
        var four = new SelfConversations(bundled.Model, 4) { LongestAnswer = 48 }.Generate(3, 2).ToList();
        four.ShouldBe(one);
        one[0].Question.ShouldNotBe(one[1].Question);
        one.ShouldAllBe(row => row.Question.Length > 0 && row.Target.Length > 0);
        one.ShouldAllBe(row => !row.Question.Contains("<|im_start|>") && !row.Target.Contains("<|im_end|>"));
    }

    [Fact]
    public void Generate_AnswersThatNeverEnd_AreRefusedWithTheirNumber()
    {
        var conversations = new SelfConversations(bundled.Model, 8) { LongestAnswer = 1 };
        Should.Throw<ConfigException>(() => conversations.Generate(1, 1).ToList()).Message.ShouldContain("0 of 400 conversations");
    }

    [Fact]
    public void Generate_NoRows_IsRefused() =>
        Should.Throw<ConfigException>(() => new SelfConversations(bundled.Model, 1).Generate(0, 0)).Message.ShouldContain("at least 1");
}
