using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Chat;

/// <summary>A chat, line by line. Ctrl-C stops an answer, not the program; what an error leaves untold can be asked again.</summary>
/// <param name="terminal">Answers go to its output, everything else to its error stream.</param>
/// <param name="interrupts">Tells ctrl-C.</param>
/// <param name="lines">The user's lines.</param>
/// <param name="load">The model and its prompt, loaded or being loaded.</param>
/// <param name="options">How tokens are chosen.</param>
internal sealed class Repl(
    Terminal terminal, Interrupts interrupts, ILineReader lines, Task<LoadedChat> load, GenerationOptions options)
    : IDisposable
{
    private const string Help =
        """
        /system TEXT   sets the system message and begins anew; /system alone shows it
        /clear         begins anew
        /save FILE     keeps the conversation as JSON, and beside it (FILE.prefix) what the model has read of it
        /load FILE     takes a kept conversation up, as 'octavo chat --resume FILE' does
        /adapter NAME  answers with an adapter from now on, or with none; /adapter alone tells which there are
        /tokens        how much of the context is used
        /exit          leaves, as ctrl-D does
        Arrow keys bring earlier lines back. Ctrl-C stops an answer. A message that begins with '/' is written after a space.
        """;

    private static readonly string[] _commands = ["/help", "/system", "/clear", "/save", "/load", "/adapter", "/tokens", "/exit"];

    private Session? _session;
    private string? _adapter;
    private bool _isBegun;

    /// <summary>The conversation so far.</summary>
    public Conversation Conversation { get; private set; } = new();

    /// <summary>Whether each answer is followed by its speed.</summary>
    public bool ShowsSpeed { get; init; } = true;

    /// <summary>Runs until the user leaves.</summary>
    /// <param name="conversation">The conversation to begin with.</param>
    public void Run(Conversation conversation)
    {
        Conversation = conversation;
        while (lines.ReadLine("> ") is { } line)
        {
            if (line.Trim() is "/exit" or "/quit")
                return;
            if (line.Trim().Length == 0)
                continue;
            try
            {
                if (line.StartsWith('/'))
                    Command(line.Trim());
                else
                    Say(line.Trim());
            }
            catch (OctavoException error)
            {
                // A conversation goes on after a mistake; a model that cannot be loaded ends it.
                if (load.IsFaulted)
                    throw;
                terminal.Note(error.Message);
            }
        }
    }

    public void Dispose() => _session?.Dispose();

    private void Say(string text)
    {
        var (model, prompt) = Begin();
        _session ??= model.NewSession(_adapter, options.KvMethod);
        Conversation.Add("user", text);
        var answer = new Answer(model, _session, options);
        try
        {
            var ids = prompt.Encode(Conversation.Messages);
            using var status = new StatusLine(terminal, isOn: true);
            answer.Run(ids, piece => Show(status, piece), status, interrupts.Token);
        }
        catch (OperationCanceledException)
        {
            interrupts.Reset();
            terminal.Error.Write(" [stopped]");
        }
        catch (OctavoException)
        {
            Conversation.RemoveLast();
            throw;
        }
        Conversation.Add("assistant", answer.Text);
        terminal.Out.WriteLine();
        terminal.Out.Flush();
        if (ShowsSpeed)
            terminal.Error.WriteLine(answer.SpeedLine());
        PrefixFlags.WriteNotes(terminal, model);
    }

    /// <summary>Waits for the model; the first time it tells what is to be known of it.</summary>
    private (LanguageModel Model, ChatPrompt Prompt) Begin()
    {
        var loaded = load.GetAwaiter().GetResult();
        if (!_isBegun)
        {
            _adapter = loaded.Adapter;
            foreach (var note in loaded.Notes ?? [])
                terminal.Note(note);
        }
        _isBegun = true;
        return (loaded.Model, loaded.Prompt);
    }

    private void ChooseAdapter(string name)
    {
        var (model, _) = Begin();
        if (name.Length == 0)
        {
            var others = model.Adapters.Count == 0 ? "none was given (--adapter DIR)" : string.Join(", ", model.Adapters);
            terminal.Error.WriteLine($"[adapter: {_adapter ?? AdapterFlags.None}; there are: {others}]");
            return;
        }
        if (name != AdapterFlags.None && !model.Adapters.Contains(name))
            throw new ConfigException($"there is no adapter '{name}'; /adapter tells which there are.");
        _adapter = name == AdapterFlags.None ? null : name;
        // what was read with the other one is of no use; the conversation is read again
        _session?.Dispose();
        _session = null;
        terminal.Error.WriteLine($"[answers come with {(_adapter is null ? "no adapter" : $"the adapter {_adapter}")} from now on]");
    }

    private void Show(StatusLine status, string piece)
    {
        status.Clear();
        terminal.Out.Write(piece);
        terminal.Out.Flush();
    }

    private void Command(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var (name, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        switch (name)
        {
            case "/help" when rest.Length == 0:
                terminal.Error.WriteLine(Help);
                break;
            case "/system" when rest.Length == 0:
                terminal.Error.WriteLine(Conversation.System is { } system ? $"[system: {system}]" : "[no system message; the template's own applies]");
                break;
            case "/system":
                Conversation = new Conversation(rest);
                terminal.Error.WriteLine("[system message set; the conversation begins anew]");
                break;
            case "/clear" when rest.Length == 0:
                Conversation = new Conversation(Conversation.System);
                terminal.Error.WriteLine("[the conversation begins anew]");
                break;
            case "/save" when rest.Length > 0:
                Save(rest);
                break;
            case "/load" when rest.Length > 0:
                Load(rest);
                break;
            case "/adapter":
                ChooseAdapter(rest);
                break;
            case "/tokens" when rest.Length == 0:
                ShowTokens();
                break;
            default:
                throw new ConfigException(_commands.Contains(name)
                    ? $"{name} is not written so; /help tells how."
                    : $"there is no {name}.{Nearest.Hint(name, _commands)} /help lists what there is.");
        }
    }

    private void Save(string file)
    {
        Conversation.Save(file);
        var model = load.GetAwaiter().GetResult().Model;
        var tokens = _session is null ? 0 : ConversationPages.Save(file, model, _session);
        terminal.Error.WriteLine($"[saved {Conversation.Messages.Count} messages to {file}, {tokens} tokens of them as read]");
    }

    private void Load(string file)
    {
        Conversation = Conversation.Load(file);
        var model = load.GetAwaiter().GetResult().Model;
        ConversationPages.Open(file, model);
        PrefixFlags.WriteNotes(terminal, model);
        terminal.Error.WriteLine($"[loaded {Conversation.Messages.Count} messages from {file}]");
    }

    private void ShowTokens()
    {
        var (model, prompt) = Begin();
        var used = Conversation.Messages.Count == 0 ? 0 : prompt.Encode(Conversation.Messages).Count;
        terminal.Error.WriteLine($"[{used} of {model.ContextLength} tokens of the context, {Conversation.Messages.Count} messages]");
    }
}
