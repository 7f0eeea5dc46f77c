using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Training.Data.Chats;

namespace Octavo.Cli.Data;

/// <summary>Options about how rows are read and encoded.</summary>
internal sealed class DataFlags
{
    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; a folder may hold a tokenizer only. make rehearsal: who writes, the bundled model by default.");
    private readonly Option<string?> _template = Options.Text(
        "--chat-template", "NAME", "tulu, chatml or zephyr, or a Jinja file, in place of the model's own template.");
    private readonly Option<string?> _length = Options.Whole("--max-seq-length", "Most tokens of an example.");
    private readonly Option<string?> _tooLong = Options.Text("--too-long", "HOW", "cut (the default), drop or refuse examples that are longer.");
    private readonly Option<string?> _turns = Options.Text("--turns", "WHICH", "all (the default) or last: the assistant's turns that are learned.");
    private readonly Option<string?> _form = Options.Text("--form", "NAME", "The form of the rows, where their columns fit more than one.");
    private readonly Option<string[]> _columns = Options.Texts("--column", "NAME=COLUMN", "A column of another name, such as messages=dialog.");

    /// <summary>The option that names a model.</summary>
    public Option<string?> Model => _model;

    public IEnumerable<Symbol> Symbols => [_model, _template, _length, _tooLong, _turns, _form, _columns];

    /// <summary>The form that was named, or null.</summary>
    public string? Form(ParseResult parsed) => parsed.GetValue(_form);

    /// <summary>Columns of other names.</summary>
    public Dictionary<string, string> Columns(ParseResult parsed)
    {
        var columns = new Dictionary<string, string>();
        foreach (var text in parsed.GetValue(_columns) ?? [])
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == text.Length - 1 || !columns.TryAdd(text[..at], text[(at + 1)..]))
                throw new ConfigException($"--column is '{text}'; give NAME=COLUMN, each name once, such as messages=dialog.");
        }
        return columns;
    }

    /// <summary>How examples are encoded, as far as the options say.</summary>
    public EncodingOptions Encoding(ParseResult parsed) => new()
    {
        MaxLength = parsed.Whole(_length),
        TooLong = parsed.GetValue(_tooLong) switch
        {
            null or "cut" => LengthPolicy.Truncate,
            "drop" => LengthPolicy.Drop,
            "refuse" => LengthPolicy.Refuse,
            var text => throw new ConfigException($"--too-long is '{text}'; give cut, drop or refuse."),
        },
        Turns = parsed.GetValue(_turns) switch
        {
            null or "all" => LearnedTurns.All,
            "last" => LearnedTurns.Last,
            var text => throw new ConfigException($"--turns is '{text}'; give all or last."),
        },
    };

    /// <summary>The tokenizer and what encodes by it; null where no model is named.</summary>
    /// <exception cref="ConfigException">An option needs a model, and there is none.</exception>
    public DataEncoders? Load(ParseResult parsed)
    {
        if (parsed.GetValue(_model) is { } model)
            return DataEncoders.Load(Installation.Models.Resolve(model), parsed.GetValue(_template), Encoding(parsed));
        foreach (var option in (Option[])[_template, _length, _tooLong, _turns])
        {
            if (parsed.Has(option))
                throw new ConfigException($"{option.Name} needs a tokenizer; give --model MODEL.");
        }
        return null;
    }
}

/// <summary>What encodes rows for a model.</summary>
/// <param name="Tokenizer">The model's tokenizer.</param>
/// <param name="Chat">Encodes conversations; null where there is no chat template.</param>
/// <param name="Literals">Special tokens in texts.</param>
/// <param name="Examples">Encodes rows of any form.</param>
internal sealed record DataEncoders(Tokenizer Tokenizer, ChatEncoder? Chat, LiteralSpecials Literals, ExampleEncoder Examples)
{
    /// <summary>Loads a tokenizer and a template; no weights are needed.</summary>
    /// <param name="path">The resolved model.</param>
    /// <param name="template">A template's name or file, or null for the model's own.</param>
    /// <param name="options">How rows are encoded.</param>
    public static DataEncoders Load(string path, string? template, EncodingOptions options)
    {
        var tokenizer = ModelText.LoadTokenizer(path);
        var source = template is null ? ModelText.ReadTemplate(path) : BuiltInTemplates.SourceOf(template);
        var chat = source is null ? null : new ChatEncoder(ChatTemplate.Parse(source), tokenizer, options.Turns);
        return new DataEncoders(tokenizer, chat, chat?.Literals ?? new LiteralSpecials(tokenizer), new ExampleEncoder(tokenizer, chat, options));
    }
}
