using System.CommandLine;
using System.Globalization;
using Octavo.Cli.Chat;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Verbs;

/// <summary>Tells how likely a model finds a text.</summary>
internal sealed class PerplexityVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "perplexity", "Text", "Tells how likely a model finds a text: mean negative log-likelihood and perplexity.",
        [
            "octavo perplexity --file README.md",
            "octavo perplexity --model smollm2-135m-instruct --file book.txt --window 2048 --json",
        ],
        () => new PerplexityVerb());

    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; the bundled model by default.");
    private readonly Option<string?> _file = Options.Text("--file", "FILE", "The text, in UTF-8; standard input where it is not given.");
    private readonly Option<string?> _window = Options.Whole(
        "--window", "Measures windows of N tokens one by one, each without what came before; by default the text is one window.");
    private readonly EngineFlags _engine = new();
    private readonly AdapterFlags _adapters = new();
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_model, _file, _window, .. _engine.Symbols, .. _adapters.Symbols, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var engine = _engine.Read(parsed);
        _adapters.Check(parsed);
        var window = parsed.Whole(_window);
        if (window < 2)
            throw new ConfigException($"--window is {window}; give at least 2.");
        var path = Installation.Models.Resolve(parsed.GetValue(_model) ?? Installation.BundledModel);
        var text = parsed.GetValue(_file) is { } file ? InputFile.ReadText(file) : InputFile.ReadStandardInput(terminal);
        using var status = new StatusLine(terminal, !parsed.Has(_json));
        using var model = LanguageModel.Load(path, engine);
        var adapter = _adapters.Add(parsed, model, terminal.Note);
        int[] ids = [.. PromptFlags.EncodeRaw(model.Tokenizer, text)];
        if (window is null && ids.Length > model.ContextLength)
            throw new ResourceException($"the text has {ids.Length} tokens and the context of {path} is {model.ContextLength}. Give --window {Math.Min(2048, model.ContextLength)} to measure it in parts.");
        var total = Measure(model, adapter, ids, window ?? ids.Length, status, interrupts.Token);
        status.Clear();
        if (parsed.Has(_json))
        {
            JsonText.WriteLine(terminal.Out, json =>
            {
                json.WriteNumber("tokens", ids.Length);
                json.WriteNumber("meanNll", total.MeanNll);
                json.WriteNumber("perplexity", total.Perplexity);
            });
            return 0;
        }
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{ids.Length} tokens, mean negative log-likelihood {total.MeanNll:F4}, perplexity {total.Perplexity:F3}"));
        return 0;
    }

    private static Likelihood Measure(
        LanguageModel model, string? adapter, int[] ids, int window, StatusLine status, CancellationToken cancellationToken)
    {
        var (tokens, nll) = (0, 0.0);
        // a first window also of no tokens, which is refused there
        for (var at = 0; at == 0 || at < ids.Length; at += window)
        {
            var part = ids.AsSpan(at, Math.Min(window, ids.Length - at));
            // a last token alone has nothing that it is predicted from
            if (part.Length < 2 && at > 0)
                break;
            var done = at;
            var measured = Likelihood.Of(
                model, adapter, part, new Progress(count => status.Report("tokens", done + count, ids.Length)), cancellationToken);
            (tokens, nll) = (tokens + measured.Tokens, nll + measured.Nll);
        }
        return new Likelihood(tokens, nll);
    }

    // at once, on the thread that computes
    private sealed class Progress(Action<int> told) : IProgress<int>
    {
        public void Report(int value) => told(value);
    }
}
