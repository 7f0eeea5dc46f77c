using System.CommandLine;
using Octavo.Cli.Chat;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Verbs;

/// <summary>Continues a text, or answers one message through the chat template.</summary>
internal sealed class GenerateVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "generate", "Text", "Continues a raw text; with --chat it answers a message.",
        [
            "octavo generate --prompt \"Water boils at\" --max-tokens 16",
            "octavo generate --model smollm2-135m-instruct --prompt \"Once upon a time\" --max-tokens 32 --temperature 0 --json",
            "echo \"Name a colour.\" | octavo generate --chat",
        ],
        () => new GenerateVerb());

    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; the bundled model by default.");
    private readonly Option<string?> _prompt = Options.Text(
        "--prompt", "TEXT", "The text to continue; special tokens in it count. Standard input where it is not given.");
    private readonly Option<string?> _chat = Options.Flag("--chat", "Takes the text as a user's message and applies the chat template.");
    private readonly PromptFlags _promptFlags = new();
    private readonly SamplingFlags _sampling = new();
    private readonly EngineFlags _engine = new(withMethod: true);
    private readonly AdapterFlags _adapters = new();
    private readonly PrefixFlags _prefixes = new();
    private readonly Option<string?> _logProbabilities = Options.Whole(
        "--logprobs", "With --json: log-probabilities of each token and of the N most likely ones (0 to 20).");
    private readonly Option<string?> _json = Options.Json();
    private readonly Option<string?> _force = Options.Flag("--force", "Asks a toy model outside its domain too.");
    private readonly Option<string?> _quiet = Options.Flag("--quiet", "No progress and no closing line.", "-q");
    private readonly Option<string?> _verbose = Options.Flag("--verbose", "Says what was loaded and how it runs.", "-v");

    public override IEnumerable<Symbol> Symbols =>
    [
        _model, _prompt, _chat, .. _promptFlags.Symbols, .. _sampling.Symbols, .. _engine.Symbols, .. _adapters.Symbols,
        .. _prefixes.Symbols, _logProbabilities, _force, _json, _quiet, _verbose,
    ];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var isJson = parsed.Has(_json);
        var options = ReadOptions(parsed, isJson);
        var engine = _engine.Read(parsed);
        _adapters.Check(parsed);
        var name = parsed.GetValue(_model) ?? Installation.BundledModel;
        var path = Installation.Models.Resolve(name);
        var text = ReadPrompt(parsed, terminal);
        var answer = new OneAnswer
        {
            Terminal = terminal,
            Interrupts = interrupts,
            IsJson = isJson,
            IsQuiet = parsed.Has(_quiet),
            IsVerbose = parsed.Has(_verbose),
            OnLoaded = model => _prefixes.Open(parsed, model),
            OnAdapters = (model, tell) => _adapters.Add(parsed, model, tell),
            OnEnd = model => _prefixes.Save(parsed, model),
        };
        var domain = ToyDomain.Of(path);
        if (domain is null && parsed.Has(_force))
            throw new ConfigException($"--force has no effect on {name}, which is no toy model; leave it out.");
        var exit = answer.Run(
            name, () => LanguageModel.Load(path, engine), model => Encode(parsed, model, text, domain), options);
        domain?.Tell(terminal);
        return exit;
    }

    private GenerationOptions ReadOptions(ParseResult parsed, bool isJson)
    {
        var logProbabilities = parsed.Whole(_logProbabilities);
        if (logProbabilities is not null && !isJson)
            throw new ConfigException("--logprobs has no effect without --json; add --json or leave it out.");
        if (!parsed.Has(_chat) && _promptFlags.Useless(parsed) is { } useless)
            throw new ConfigException($"{useless} has no effect on a raw text; add --chat or leave it out.");
        return _sampling.Read(parsed, logProbabilities) with { KvMethod = _engine.Method(parsed) };
    }

    private string ReadPrompt(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(_prompt) is { } text)
            return text;
        if (terminal.IsInputTerminal)
            throw new ConfigException("there is no prompt; give --prompt TEXT or pipe a text in.");
        return InputFile.ReadStandardInput(terminal);
    }

    private IReadOnlyList<int> Encode(ParseResult parsed, LanguageModel model, string text, ToyDomain? domain)
    {
        var ids = Encode(parsed, model, text);
        domain?.Check(model.Tokenizer, ids, parsed.Has(_force));
        return ids;
    }

    private IReadOnlyList<int> Encode(ParseResult parsed, LanguageModel model, string text)
    {
        if (!parsed.Has(_chat))
            return PromptFlags.EncodeRaw(model.Tokenizer, text);
        var conversation = new Conversation(_promptFlags.System(parsed));
        conversation.Add("user", text);
        return _promptFlags.Prompt(parsed, model).Encode(conversation.Messages);
    }
}
