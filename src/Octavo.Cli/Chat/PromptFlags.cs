using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Engine;

namespace Octavo.Cli.Chat;

/// <summary>The options that turn a conversation into a prompt: system message and template.</summary>
internal sealed class PromptFlags
{
    private readonly Option<string?> _system = Options.Text("--system", "TEXT", "The system message; the template's own by default.");
    private readonly Option<string?> _template = Options.Text("--chat-template", "FILE", "A Jinja file in place of the model's own chat template.");

    public IEnumerable<Symbol> Symbols => [_system, _template];

    public string? System(ParseResult parsed) => parsed.GetValue(_system);

    /// <summary>The option that was given although no template is applied, or null.</summary>
    public string? Useless(ParseResult parsed) =>
        parsed.GetValue(_system) is not null ? _system.Name : parsed.GetValue(_template) is not null ? _template.Name : null;

    /// <exception cref="UnsupportedException">The model has no template and none was given.</exception>
    public ChatPrompt Prompt(ParseResult parsed, LanguageModel model) => parsed.GetValue(_template) is { } file
        ? new ChatPrompt(ChatTemplate.Parse(InputFile.ReadText(file)), model.Tokenizer)
        : ChatPrompt.Of(model);

    /// <summary>Encodes raw text: special tokens in it count, and the model's beginning is added where the text does not bring it.</summary>
    public static IReadOnlyList<int> EncodeRaw(Tokenizer tokenizer, string text)
    {
        var bringsBeginning = tokenizer.BosId is { } bos && text.StartsWith(tokenizer.Piece(bos), StringComparison.Ordinal);
        return [.. tokenizer.Encode(text, addSpecial: !bringsBeginning).Select(token => token.Id)];
    }
}
