using Octavo.Cli.Chat;
using Octavo.Cli.CommandLine;
using Octavo.Engine;
using Octavo.TestKit;
using Octavo.UnitTests.Models.Adapters;
using Shouldly;

namespace Octavo.UnitTests.Cli.Chat;

public class ReplTests(BundledModelFixture bundled) : IClassFixture<BundledModelFixture>
{
    [Fact]
    public void Run_Question_AnswersAndRemembers()
    {
        using var chat = new Chat(bundled, "What is the capital of France?", "/tokens", "/exit", "never read");
        chat.Repl.Run(new Conversation());
        chat.Terminal.Out.ShouldBe("The capital of France is Paris.\n");
        chat.Terminal.Error.ShouldContain("tokens/s, first token after");
        chat.Terminal.Error.ShouldContain("of 8192 tokens of the context, 2 messages");
        chat.Repl.Conversation.Messages[1].ShouldBe(("assistant", "The capital of France is Paris."));
        chat.Unread.ShouldBe(1);
    }

    [Fact]
    public void Run_Interrupt_StopsTheAnswerNotTheChat()
    {
        using var chat = new Chat(bundled, "What is the capital of France?", "/tokens");
        chat.Interrupts.Raise();
        chat.Repl.Run(new Conversation());
        chat.Terminal.Error.ShouldContain("[stopped]");
        chat.Terminal.Error.ShouldContain("2 messages");
        chat.Interrupts.Token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public void Run_SystemSaveLoadClear_ChangeTheConversation()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("chat.json");
        using var chat = new Chat(bundled, "/system You answer in one word.", $"/save {file}", "/clear", "/system", $"/load {file}");
        chat.Repl.Run(new Conversation("Something else."));
        chat.Terminal.Error.ShouldContain("[saved 1 messages");
        chat.Terminal.Error.ShouldContain("[system: You answer in one word.]");
        chat.Repl.Conversation.Messages.ShouldBe([("system", "You answer in one word.")]);
    }

    [Fact]
    public void Run_SaveAndLoad_BringBackWhatWasRead()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("talk.json");
        var question = string.Concat(Enumerable.Range(1, 12).Select(i => $"Room {i} has {i} chairs. ")) + "Which is the largest?";
        using (var chat = new Chat(bundled, question, $"/save {file}"))
        {
            chat.Repl.Run(new Conversation());
            chat.Terminal.Error.ShouldContain("[saved 2 messages");
            chat.Terminal.Error.ShouldContain("128 tokens of them as read]");
        }
        bundled.Model.PrefixCache.Clear();
        using (var chat = new Chat(bundled, $"/load {file}", "And the smallest?"))
        {
            chat.Repl.Run(new Conversation());
            chat.Terminal.Error.ShouldContain("128 of them known");
        }
        // A damaged file is told once, and the chat goes on without it.
        bundled.Model.PrefixCache.Clear();
        File.WriteAllText(file + ".prefix", "nothing of the kind, but long enough to have the header of a file of stored pages");
        using (var chat = new Chat(bundled, $"/load {file}", "And the smallest?"))
        {
            chat.Repl.Run(new Conversation());
            chat.Terminal.Error.ShouldContain("no file of stored pages");
            chat.Terminal.Error.ShouldNotContain("of them known");
        }
    }

    [Theory]
    [InlineData("/exot", "Did you mean '/exit'?")]
    [InlineData("/save", "/save is not written so")]
    [InlineData("/tokens now", "/tokens is not written so")]
    [InlineData("/load nowhere.json", "nowhere.json")]
    public void Run_Mistake_IsToldAndTheChatGoesOn(string line, string said)
    {
        using var chat = new Chat(bundled, line, "/help");
        chat.Repl.Run(new Conversation());
        chat.Terminal.Error.ShouldContain(said);
        chat.Terminal.Error.ShouldContain("ctrl-D");
    }

    [Fact]
    public void Run_Adapter_IsChosenByName()
    {
        // strong enough that no answer with it can be the model's own
        bundled.Model.AddAdapter(TinyAdapter.Make(bundled.Model.Checkpoint.Model, 1, TinyAdapter.All(rank: 1), spread: 1), "mine");
        try
        {
            const string Question = "What is the capital of France?";
            using var chat = new Chat(bundled, "/adapter", "/adapter mine", Question, "/clear", "/adapter none", Question, "/adapter yours");
            chat.Repl.Run(new Conversation());
            chat.Terminal.Error.ShouldContain("[adapter: none; there are: mine]");
            chat.Terminal.Error.ShouldContain("with the adapter mine from now on");
            chat.Terminal.Error.ShouldContain("with no adapter from now on");
            chat.Terminal.Error.ShouldContain("there is no adapter 'yours'");
            // the adapter answered the first time, the model alone the second
            const string Own = "The capital of France is Paris.\n";
            chat.Terminal.Out.ShouldEndWith(Own);
            chat.Terminal.Out[..^Own.Length].ShouldNotBeNullOrWhiteSpace();
            chat.Terminal.Out[..^Own.Length].ShouldNotContain("Paris");
        }
        finally
        {
            bundled.Model.RemoveAdapter("mine");
        }
    }

    [Fact]
    public void Run_MessageThatCannotBeEncoded_IsTakenBack()
    {
        using var chat = new Chat(bundled, "bad \uFDD0 letter");
        chat.Repl.Run(new Conversation());
        chat.Terminal.Error.ShouldContain("U+FDD0");
        chat.Repl.Conversation.Messages.ShouldBeEmpty();
    }

    /// <summary>A chat with lines given beforehand.</summary>
    private sealed class Chat : IDisposable, ILineReader
    {
        private readonly Queue<string> _lines;

        public Chat(BundledModelFixture bundled, params string[] lines)
        {
            _lines = new Queue<string>(lines);
            var load = Task.FromResult(new LoadedChat(bundled.Model, ChatPrompt.Of(bundled.Model)));
            Repl = new Repl(Terminal.Terminal, Interrupts, this, load, new GenerationOptions { MaxTokens = 32 });
        }

        public FakeTerminal Terminal { get; } = new();

        public Interrupts Interrupts { get; } = new();

        public Repl Repl { get; }

        public int Unread => _lines.Count;

        public string? ReadLine(string prompt) => _lines.TryDequeue(out var line) ? line : null;

        public void Dispose()
        {
            Repl.Dispose();
            Interrupts.Dispose();
            Terminal.Dispose();
        }
    }
}
