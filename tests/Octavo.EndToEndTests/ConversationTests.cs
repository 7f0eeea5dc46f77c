using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

public class ConversationTests
{
    private static readonly string[] _places = ["/usr/bin/script", "/bin/script"];

    /// <summary>A conversation on a real terminal, which <c>script</c> provides.</summary>
    [Fact]
    public void Chat_OnATerminal_AnswersAndLeaves()
    {
        if (!OperatingSystem.IsLinux() || !_places.Any(File.Exists))
            Assert.Skip("there is no 'script' to make a terminal with.");
        var process = OctavoProgram.Start("script", ["-qec", $"dotnet '{OctavoProgram.Path}' chat", "/dev/null"]);
        var result = OctavoProgram.Finish(process, "What is the capital of France?\r/tokens\r/exit\r");
        result.Exit.ShouldBe(0, result.Out);
        result.Out.ShouldContain("The capital of France is Paris.");
        result.Out.ShouldContain("tokens/s, first token after");
        result.Out.ShouldContain("of 8192 tokens of the context, 2 messages");
    }
}
