using System.CommandLine;
using System.Diagnostics;
using Octavo.Cli.Chat;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Verbs;

/// <summary>Talks with a model: one answer for a prompt or for standard input, else line by line.</summary>
internal sealed class ChatVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "chat", "Text", "Talks with a model: one answer to a prompt, or a conversation.",
        [
            "octavo chat \"What is the capital of France?\"",
            "octavo chat --system \"You answer in one word.\" \"What colour is the sky?\"",
            "octavo chat                                  # a conversation; /help tells its commands",
            "octavo chat --resume talk.json               # goes on with one that /save has kept",
            "octavo chat --adapter my-adapter \"Hello!\"    # with what fine-tuning has learned",
        ],
        () => new ChatVerb());

    private readonly Argument<string?> _prompt = Options.OptionalText("PROMPT", "What to say; standard input, else a conversation, where it is not given.");
    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; the bundled model by default.");
    private readonly PromptFlags _promptFlags = new();
    private readonly SamplingFlags _sampling = new();
    private readonly EngineFlags _engine = new(withMethod: true);
    private readonly AdapterFlags _adapters = new();
    private readonly PrefixFlags _prefixes = new();
    private readonly Option<string?> _resume = Options.Text("--resume", "FILE", "Goes on with a conversation that /save has kept.");
    private readonly Option<string?> _json = Options.Flag("--json", "Writes the answer to a prompt as JSON.");
    private readonly Option<string?> _quiet = Options.Flag("--quiet", "No progress and no closing line.", "-q");
    private readonly Option<string?> _verbose = Options.Flag("--verbose", "Says what was loaded and how it runs.", "-v");

    public override IEnumerable<Symbol> Symbols =>
    [
        _prompt, _model, _resume, .. _promptFlags.Symbols, .. _sampling.Symbols, .. _engine.Symbols, .. _adapters.Symbols,
        .. _prefixes.Symbols, _json, _quiet, _verbose,
    ];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var options = _sampling.Read(parsed) with { KvMethod = _engine.Method(parsed) };
        var engine = _engine.Read(parsed);
        var text = parsed.GetValue(_prompt) ?? (terminal.IsInputTerminal ? null : InputFile.ReadStandardInput(terminal).Trim());
        if (text?.Trim().Length == 0)
            throw new ConfigException("the prompt is empty; say something.");
        if (text is null && parsed.Has(_json))
            throw new ConfigException("--json belongs to one answer; give a prompt or pipe one in.");
        if (parsed.GetValue(_resume) is not null && _promptFlags.System(parsed) is not null)
            throw new ConfigException("--system belongs to a new conversation; the one that --resume takes up has its own. Leave out one of the two.");
        _adapters.Check(parsed, mayChoose: text is null);
        var conversation = parsed.GetValue(_resume) is { } file ? Conversation.Load(file) : new Conversation(_promptFlags.System(parsed));
        var name = parsed.GetValue(_model) ?? Installation.BundledModel;
        var path = Installation.Models.Resolve(name);
        // Keys and shapes are checked here, so a bad file is refused at once; reading the weights can wait.
        var checkpoint = Checkpoint.Open(path, engine.MemoryMap);
        if (text is null)
            return Converse(parsed, terminal, interrupts, conversation, checkpoint, options, engine);
        conversation.Add("user", text);
        var answer = new OneAnswer
        {
            Terminal = terminal,
            Interrupts = interrupts,
            IsJson = parsed.Has(_json),
            IsQuiet = parsed.Has(_quiet),
            IsVerbose = parsed.Has(_verbose),
            OnLoaded = model => OpenPrefixes(parsed, model),
            OnAdapters = (model, tell) => _adapters.Add(parsed, model, tell),
            OnEnd = model => _prefixes.Save(parsed, model),
        };
        return answer.Run(
            name, () => LanguageModel.Load(checkpoint, engine), model => _promptFlags.Prompt(parsed, model).Encode(conversation.Messages), options);
    }

    private void OpenPrefixes(ParseResult parsed, LanguageModel model)
    {
        _prefixes.Open(parsed, model);
        if (parsed.GetValue(_resume) is { } file)
            ConversationPages.Open(file, model);
    }

    private int Converse(
        ParseResult parsed, Terminal terminal, Interrupts interrupts, Conversation conversation, Checkpoint checkpoint, GenerationOptions options,
        EngineOptions engine)
    {
        var isQuiet = parsed.Has(_quiet);
        var started = Stopwatch.GetTimestamp();
        var load = Task.Run(() =>
        {
            var model = LanguageModel.Load(checkpoint, engine);
            List<string> notes = [];
            var adapter = _adapters.Add(parsed, model, notes.Add);
            OpenPrefixes(parsed, model);
            return new LoadedChat(model, _promptFlags.Prompt(parsed, model), adapter, notes);
        });
        if (!isQuiet)
            terminal.Error.WriteLine($"{parsed.GetValue(_model) ?? Installation.BundledModel}: say something, /help for commands, ctrl-D to leave.");
        if (parsed.Has(_verbose))
        {
            using var status = new StatusLine(terminal, false);
            ModelLine.Write(terminal, status, load.GetAwaiter().GetResult().Model, Stopwatch.GetElapsedTime(started));
        }
        using (var repl = new Repl(terminal, interrupts, new LineEditor(terminal), load, options) { ShowsSpeed = !isQuiet })
            repl.Run(conversation);
        using var model = load.GetAwaiter().GetResult().Model;
        _prefixes.Save(parsed, model);
        PrefixFlags.WriteNotes(terminal, model);
        return 0;
    }
}
