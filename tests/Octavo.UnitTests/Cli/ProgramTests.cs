using Octavo.Cli;
using Octavo.Core;
using Shouldly;

namespace Octavo.UnitTests.Cli;

public class ProgramTests
{
    [Fact]
    public void Run_Version_PrintsIt()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("--version").ShouldBe(0);
        terminal.Out.ShouldMatch(@"^octavo \d+\.\d+\.\d+");
    }

    [Fact]
    public void Run_Nothing_ShowsHelpAsAMistake()
    {
        using var terminal = new FakeTerminal();
        terminal.Run().ShouldBe(2);
        terminal.Out.ShouldBeEmpty();
        terminal.Error.ShouldContain("Usage: octavo VERB");
    }

    [Theory]
    [InlineData("tokenise", "Did you mean 'tokenize'?")]
    [InlineData("Chat", "Did you mean 'chat'?")]
    [InlineData("frobnicate", "Verbs: chat, generate")]
    [InlineData("--json", "stands before the verb")]
    public void Run_UnknownVerb_NamesTheNearest(string verb, string said)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(verb).ShouldBe(2);
        terminal.Error.ShouldContain(said);
    }

    [Theory]
    [InlineData("--temperature is 'hot'; give a number.", "generate", "--prompt", "x", "--temperature", "hot")]
    [InlineData("temperature is -1", "generate", "--prompt", "x", "--temperature", "-1")]
    [InlineData("--threads is 'two'; give a whole number.", "generate", "--prompt", "x", "--threads", "two")]
    [InlineData("threads is 0", "generate", "--prompt", "x", "--threads", "0")]
    [InlineData("seed 7 has no effect", "generate", "--prompt", "x", "--seed", "7")]
    [InlineData("--logprobs has no effect without --json", "generate", "--prompt", "x", "--logprobs", "2")]
    [InlineData("--system has no effect on a raw text", "generate", "--prompt", "x", "--system", "y")]
    [InlineData("--logit-bias is '5'", "generate", "--prompt", "x", "--logit-bias", "5")]
    [InlineData("names token 5 twice", "generate", "--prompt", "x", "--logit-bias", "5=1", "--logit-bias", "5=2")]
    [InlineData("no prompt", "generate")]
    [InlineData("--json belongs to one answer", "chat", "--json")]
    [InlineData("one text too many", "chat", "two", "words")]
    [InlineData("the prompt is empty", "chat", " ")]
    [InlineData("was not found", "chat", "hi", "--model", "no-such-model")]
    [InlineData("give either --ids or --prompt", "logits", "--model", "m")]
    [InlineData("'x' is no token id", "logits", "--model", "m", "--ids", "1,x")]
    [InlineData("no model was given", "tokenize", "x")]
    [InlineData("no model was given", "inspect")]
    [InlineData("the model was given twice", "inspect", "a", "--model", "b")]
    [InlineData("there is no folder", "parity")]
    public void Run_WrongCommandLine_ExitsWithTwoAndSaysWhy(string said, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(2);
        terminal.Out.ShouldBeEmpty();
        terminal.Error.ShouldStartWith("octavo: ");
        terminal.Error.ShouldContain(said);
    }

    [Fact]
    public void Run_TextThatBeginsWithADash_GoesAfterDoubleDash()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("tokenize", "--model", Octavo.TestKit.Repository.BundledModel, "--", "--help").ShouldBe(0);
        terminal.Out.ShouldContain("help");
    }

    [Fact]
    public void ExitOf_EveryError_IsItsOwn()
    {
        Failure.ExitOf(new ConfigException("")).ShouldBe(2);
        Failure.ExitOf(new InputFileException("")).ShouldBe(3);
        Failure.ExitOf(new CheckpointException("")).ShouldBe(3);
        Failure.ExitOf(new ResourceException("")).ShouldBe(4);
        Failure.ExitOf(new InsufficientMemoryException()).ShouldBe(4);
        Failure.ExitOf(new UnsupportedException("")).ShouldBe(6);
        Failure.ExitOf(new RefusedException("")).ShouldBe(7);
        Failure.ExitOf(new OperationCanceledException()).ShouldBe(130);
        Failure.ExitOf(new ShapeException("")).ShouldBe(1);
        Failure.ExitOf(new EvaluationException("")).ShouldBe(1);
        Failure.ExitOf(new InvalidOperationException("")).ShouldBe(1);
    }

    [Fact]
    public void Report_UnforeseenError_SaysWhereTheLogIs()
    {
        using var terminal = new FakeTerminal();
        Failure.Report(new InvalidOperationException("the cat sat on it"), terminal.Terminal).ShouldBe(1);
        terminal.Error.ShouldContain("the cat sat on it");
        terminal.Error.ShouldMatch("(log: .+)|(with this text)");
    }
}
