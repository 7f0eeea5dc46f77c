using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli.Verbs;

/// <summary>Shows how a text becomes tokens.</summary>
internal sealed class TokenizeVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "tokenize", "Text", "Shows the tokens of a text: ids, spellings, places.",
        [
            "octavo tokenize --model smollm2-135m-instruct \"Hello, world!\"",
            "octavo tokenize --model smollm2-135m-instruct --json \"Hello, world!\"",
        ],
        () => new TokenizeVerb());

    private readonly Argument<string?> _text = Options.OptionalText("TEXT", "The text; standard input where it is not given.");
    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; a folder may hold a tokenizer only.");
    private readonly Option<string?> _special = Options.Flag("--add-special", "Adds the tokens that the model wants around a text.");
    private readonly Option<string?> _plain = Options.Flag("--plain", "Takes special tokens in the text as plain text.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_text, _model, _special, _plain, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var path = Installation.Models.Resolve(Required.Model(parsed.GetValue(_model)));
        if (parsed.GetValue(_text) is null && terminal.IsInputTerminal)
            throw new ConfigException("there is no text; give one or pipe one in.");
        var text = parsed.GetValue(_text) ?? InputFile.ReadStandardInput(terminal);
        var tokenizer = ModelText.LoadTokenizer(path);
        var tokens = tokenizer.Encode(text, parsed.Has(_special), !parsed.Has(_plain));
        if (!parsed.Has(_json))
        {
            foreach (var token in tokens)
                terminal.Out.WriteLine($"{token.Id,8}  {token.Start,5}-{token.End,-5}  {tokenizer.Piece(token.Id)}");
            return 0;
        }
        JsonText.WriteLine(terminal.Out, json =>
        {
            json.WriteNumbers("ids", tokens.Select(token => token.Id));
            json.WriteTexts("pieces", tokens.Select(token => tokenizer.Piece(token.Id)));
            json.WriteStartArray("offsets");
            foreach (var token in tokens)
            {
                json.WriteStartArray();
                json.WriteNumberValue(token.Start);
                json.WriteNumberValue(token.End);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        });
        return 0;
    }
}
