using Octavo.Cli.Chat;
using Octavo.Core;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Chat;

public class ConversationTests
{
    [Fact]
    public void SaveAndLoad_AnyText_GivesItBack()
    {
        using var folder = new TemporaryFolder();
        var conversation = new Conversation("Be brief.");
        conversation.Add("user", "Wie heißt du? \"quoted\" \n 👍🏽");
        conversation.Add("assistant", "");
        conversation.Save(folder.File("chat.json"));
        Directory.GetFiles(folder.Path).Length.ShouldBe(1);
        var loaded = Conversation.Load(folder.File("chat.json"));
        loaded.Messages.ShouldBe(conversation.Messages);
        loaded.System.ShouldBe("Be brief.");
    }

    [Theory]
    [InlineData("[1]", "no list 'messages'")]
    [InlineData("{\"messages\": [{\"role\": \"user\"}]}", "message 0 has no role and content")]
    [InlineData("{\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]}", "the role 'tool'")]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": 5}]}", "message 0")]
    [InlineData("{", "not valid JSON")]
    public void Load_SomethingElse_SaysWhatIsWrong(string text, string said)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("chat.json"), text);
        Should.Throw<InputFileException>(() => Conversation.Load(folder.File("chat.json"))).Message.ShouldContain(said);
    }

    [Fact]
    public void Save_WhereNothingCanBeWritten_Throws()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<ConfigException>(() => new Conversation().Save(Path.Combine(folder.Path, "none", "chat.json")));
    }
}
