using System.CommandLine;
using System.Globalization;
using Octavo.Cli.CommandLine;
using Octavo.Cli.KvMaps;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;

namespace Octavo.Cli.Verbs;

/// <summary>Shows what a method for keys and values keeps of a prompt.</summary>
internal sealed class KvVerb : Verb
{
    private const int MostHeads = 32;
    private const int Columns = 100;

    public static readonly VerbEntry Entry = new(
        "kv", "Systems", "Shows which tokens of a prompt a method for keys and values keeps, head by head.",
        [
            "octavo kv inspect --model smollm2-135m-instruct --kv snapkv:budget=64 < report.txt",
            "octavo kv inspect --kv snapkv:window=4,budget=24 --prompt \"k5 v1 v2 k9 v3 v4\" --question \"Q k5\" --question \"Q k9\" --answer \"v3 v4\" -m scbench-toy -o kept.svg",
        ],
        () => new KvVerb());

    private readonly Argument<string?> _action = Options.OptionalText("ACTION", "inspect");
    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; the bundled model by default.");
    private readonly Option<string?> _kv = Options.Text("--kv", "TYPE|METHOD", "The method, as chat's --kv.");
    private readonly Option<string?> _prompt = Options.Text("--prompt", "TEXT", "The prompt as raw text; standard input where it is not given.");
    private readonly Option<string[]> _question = Options.Texts("--question", "TEXT", "Stands behind the prompt; may be given again to see what moves.");
    private readonly Option<string?> _answer = Options.Text("--answer", "TEXT", "A part of the prompt, where it stands last: tells how much of it is kept.");
    private readonly Option<string?> _output = Options.Text("--output", "FILE", "Writes a picture (SVG).", "-o");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads that compute; all processors by default.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_action, _model, _kv, _prompt, _question, _answer, _output, _threads, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (parsed.GetValue(_action) is not "inspect")
            throw new ConfigException("kv: say what to do: inspect.");
        var text = parsed.GetValue(_kv) ?? throw new ConfigException($"there is no method; give --kv with one of {string.Join(", ", KvMethods.Names)}.");
        var (type, name) = EngineFlags.ReadKv(text);
        var method = name is null ? new FullKv() : KvMethods.Parse(name);
        if (method.Interval is not null)
            throw new ConfigException($"'{method.Name}' leaves the prompt whole; give the method in its brackets.");
        if (parsed.GetValue(_output) is { } file)
            TextFile.Check("--output", file);
        if (parsed.GetValue(_prompt) is null && terminal.IsInputTerminal)
            throw new ConfigException("there is no prompt; give --prompt or pipe one in.");
        var prompt = parsed.GetValue(_prompt) ?? InputFile.ReadStandardInput(terminal);
        using var model = LanguageModel.Load(
            Installation.Models.Resolve(parsed.GetValue(_model) ?? Installation.BundledModel), new EngineOptions { Threads = parsed.Whole(_threads), KvType = type });
        List<string> questions = [.. parsed.GetValue(_question) ?? []];
        var maps = (questions.Count == 0 ? [prompt] : questions.Select(question => $"{prompt} {question}"))
            .Select(one => KvMap.Of(model, [.. Encode(model, one).Select(token => token.Id)], method, interrupts.Token)).ToList();
        var shared = Encode(model, prompt);
        var answer = parsed.GetValue(_answer) is { } words ? Place(shared, prompt, words) : ((int From, int To)?)null;
        List<(string Name, KvMap Map)> panels = [.. maps.Select((map, i) => (questions.Count == 0 ? "the prompt" : questions[i], map))];
        if (parsed.GetValue(_output) is { } picture)
            TextFile.Write(picture, KvPicture.Svg($"{text}: {maps[0].Share * 100:F0} % of {maps[0].Heads.First().Tokens.Length} tokens", panels, answer));
        // what the questions share, but for a last token that may differ
        var common = Math.Max(1, shared.Count - 1);
        Tell(terminal, parsed.Has(_json), text, panels, answer, maps.Count > 1 ? maps[0].ShiftTo(maps[1], common) : null);
        return 0;
    }

    private static void Tell(
        Terminal terminal, bool isJson, string method, IReadOnlyList<(string Name, KvMap Map)> panels, (int From, int To)? answer, double? shift)
    {
        if (isJson)
        {
            Write(terminal, method, panels, answer, shift);
            return;
        }
        foreach (var (name, map) in panels)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {map.Share * 100:F1} % of {map.Heads.First().Tokens.Length} tokens"));
            foreach (var line in KvPicture.Lines(map, Columns).Take(MostHeads))
                terminal.Out.WriteLine(line);
            if (map.Heads.Count() is var heads && heads > MostHeads)
                terminal.Out.WriteLine($"… {heads - MostHeads} heads more; -o FILE draws all of them.");
            if (answer is { } range)
                terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"answer (tokens {range.From} to {range.To - 1}): heads keep {map.HitRate(range.From, range.To) * 100:F1} % of it"));
        }
        if (shift is { } moved)
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from the first question to the second {moved * 100:F1} % of what is kept of the prompt is other tokens"));
    }

    private static void Write(
        Terminal terminal, string method, IReadOnlyList<(string Name, KvMap Map)> panels, (int From, int To)? answer, double? shift) => JsonText.WriteIndented(terminal.Out, json =>
    {
        json.WriteString("method", method);
        if (shift is { } moved)
            json.WriteNumber("shift", Math.Round(moved, 6));
        json.WriteStartArray("maps");
        foreach (var (name, map) in panels)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("share", Math.Round(map.Share, 6));
            if (answer is { } range)
                json.WriteNumber("hitRate", Math.Round(map.HitRate(range.From, range.To), 6));
            json.WriteStartArray("heads");
            foreach (var (layer, head, tokens) in map.Heads)
            {
                json.WriteStartObject();
                json.WriteNumber("layer", layer);
                json.WriteNumber("head", head);
                json.WriteNumbers("kept", Enumerable.Range(0, tokens.Length).Where(token => tokens[token]));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static IReadOnlyList<Octavo.Core.Tokenizers.Token> Encode(LanguageModel model, string text) => [.. model.Tokenizer.Encode(text, addSpecial: true, parseSpecial: true)];

    // offsets count code points
    private static (int From, int To) Place(IReadOnlyList<Octavo.Core.Tokenizers.Token> tokens, string prompt, string answer)
    {
        var at = prompt.LastIndexOf(answer, StringComparison.Ordinal);
        if (at < 0 || answer.Length == 0)
            throw new ConfigException($"--answer: '{answer}' does not stand in the prompt; give it as it stands there.");
        var from = prompt[..at].EnumerateRunes().Count();
        var to = from + answer.EnumerateRunes().Count();
        var inside = Enumerable.Range(0, tokens.Count).Where(i => tokens[i].Start < to && tokens[i].End > from).ToList();
        return (inside[0], inside[^1] + 1);
    }
}
