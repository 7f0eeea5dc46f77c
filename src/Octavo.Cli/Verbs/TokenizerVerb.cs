using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Cli.TokenizerTraining;
using Octavo.Core;
using Octavo.Core.Tokenizers.Training;

namespace Octavo.Cli.Verbs;

/// <summary>Makes tokenizers.</summary>
internal sealed class TokenizerVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "tokenizer", "Train", "Trains a tokenizer (byte-level BPE) from texts: tokenizer train.",
        [
            "octavo tokenizer train texts/ --out my-tokenizer --vocab-size 8192",
            "octavo tokenizer train books.txt.gz chats.jsonl --out my-tokenizer --chat-template chatml --json",
        ],
        () => new TokenizerVerb());

    private readonly Argument<string?> _what = Options.OptionalText("train", "The word train: what it does.");
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files and folders with texts: plain ones, and .jsonl with text or messages; also as .gz. One or more.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _out = Options.Text("--out", "DIR", "The folder to make: tokenizer.json, tokenizer_config.json, special_tokens_map.json.");
    private readonly Option<string?> _overwrite = Options.Flag("--overwrite", "Replaces the tokenizer that is in the folder.");
    private readonly Option<string?> _size = Options.Whole("--vocab-size", "Entries of the vocabulary, special tokens and the 256 bytes included (32768).");
    private readonly Option<string?> _frequency = Options.Whole("--min-frequency", "A pair that occurs less often is not merged (2).");
    private readonly Option<string?> _pre = Options.Text(
        "--pre", "NAME", "How texts are cut into words: smollm, gpt2, qwen2 or llama3; smollm by default, which cuts digits one by one.");
    private readonly Option<string[]> _special = Options.Texts(
        "--special", "TOKEN", "A special token besides <|endoftext|>, which is there and comes first; may be given several times.");
    private readonly Option<string?> _template = Options.Text(
        "--chat-template", "NAME", "tulu, chatml (with its two tokens), or a file with a template (Jinja); none by default.");
    private readonly Option<string[]> _heldOut = Options.Texts(
        "--held-out", "FILE", "Texts to measure and not to learn from; one part in fifty by default. May be given several times.");
    private readonly Option<string?> _mostWords = Options.Whole("--max-words", "More distinct words than this are refused, for they are kept in memory (16000000).");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads that count; all processors by default. The result is the same.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols =>
        [_what, _files, _out, _overwrite, _size, _frequency, _pre, _special, _template, _heldOut, _mostWords, _threads, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var paths = Paths(parsed.GetValue(_what), parsed.GetValue(_files) ?? []);
        var folder = parsed.GetValue(_out) ?? throw new ConfigException("give --out with the folder to make.");
        var overwrite = parsed.Has(_overwrite);
        var template = TrainingTemplate.Read(parsed.GetValue(_template));
        var options = new TokenizerTrainingOptions();
        options = options with
        {
            VocabularySize = parsed.Whole(_size) ?? options.VocabularySize,
            MinFrequency = parsed.Whole(_frequency) ?? options.MinFrequency,
            PreTokenizer = parsed.GetValue(_pre) ?? options.PreTokenizer,
            SpecialTokens = [.. options.SpecialTokens, .. template.Tokens, .. parsed.GetValue(_special) ?? []],
            EndToken = template.End,
            ChatTemplate = template.Text,
            HeldOut = parsed.Has(_heldOut) ? parsed.GetValue(_heldOut) : null,
            MostWords = parsed.Whole(_mostWords) ?? options.MostWords,
            Threads = parsed.Whole(_threads),
        };
        options.Validate();
        TrainedTokenizer.CheckFolder(folder, overwrite);
        using var status = new StatusLine(terminal, !parsed.Has(_json));
        var report = TrainingReport.Run(paths, options, folder, overwrite, status, interrupts.Token);
        status.Clear();
        if (parsed.Has(_json))
            JsonText.WriteIndented(terminal.Out, report.WriteJson);
        else
            report.WriteText(terminal.Out);
        return 0;
    }

    private static string[] Paths(string? what, string[] paths)
    {
        if (what != "train")
        {
            var hint = what is null ? "" : $"'{what}' is not something it does.{Nearest.Hint(what, ["train"])} ";
            throw new ConfigException($"{hint}Give: octavo tokenizer train FILE… --out DIR.");
        }
        return paths.Length > 0 && paths.All(path => path.Length > 0)
            ? paths
            : throw new ConfigException("give the files or folders whose texts are learnt from.");
    }
}
