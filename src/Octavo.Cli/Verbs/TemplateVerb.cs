using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Templates;

namespace Octavo.Cli.Verbs;

/// <summary>Renders a chat template with the variables on standard input.</summary>
internal sealed class TemplateVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "template", "Text", "Renders a model's chat template with variables from standard input.",
        [
            "echo '{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"add_generation_prompt\": true}' | octavo template --model smollm2-135m-instruct",
            "octavo template --model smollm2-135m-instruct --json < context.json",
            "octavo template --model smollm2-135m-instruct --source",
        ],
        () => new TemplateVerb());

    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id; a folder may hold a tokenizer's files only.");
    private readonly Option<string?> _file = Options.Text("--chat-template", "FILE", "A Jinja file in place of the model's own template.");
    private readonly Option<string?> _source = Options.Flag("--source", "Prints the template itself.");
    private readonly Option<string?> _json = Options.Flag("--json", "Writes 'rendered' or 'error' as JSON.");

    public override IEnumerable<Symbol> Symbols => [_model, _file, _source, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var (file, isJson) = (parsed.GetValue(_file), parsed.Has(_json));
        var model = file is null ? Required.Model(parsed.GetValue(_model)) : parsed.GetValue(_model);
        var path = model is null ? null : Installation.Models.Resolve(model);
        var source = file is not null ? InputFile.ReadText(file) : ModelText.ReadTemplate(path!)
            ?? throw new UnsupportedException($"{path} has no chat template; give one by --chat-template FILE.");
        if (parsed.Has(_source))
            return WriteSource(terminal, source, isJson);
        var context = ReadContext(terminal);
        if (path is not null)
            ModelText.AddSpecialTokens(path, context);
        string rendered;
        try
        {
            rendered = ChatTemplate.Parse(source).Render(context);
        }
        catch (OctavoException error) when (isJson)
        {
            JsonText.WriteLine(terminal.Out, json => json.WriteString("error", error.Message));
            return Failure.ExitOf(error);
        }
        if (isJson)
            JsonText.WriteLine(terminal.Out, json => json.WriteString("rendered", rendered));
        else
            terminal.Out.Write(rendered);
        return 0;
    }

    private static int WriteSource(Terminal terminal, string source, bool isJson)
    {
        if (isJson)
            JsonText.WriteLine(terminal.Out, json => json.WriteString("source", source));
        else
            terminal.Out.WriteLine(source);
        return 0;
    }

    private static JsonObject ReadContext(Terminal terminal)
    {
        if (terminal.IsInputTerminal)
            throw new ConfigException("there are no variables; pipe a JSON object in, such as {\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}.");
        try
        {
            return JsonNode.Parse(InputFile.ReadStandardInput(terminal)) as JsonObject
                ?? throw new InputFileException("standard input is no JSON object; give the template's variables as one.");
        }
        catch (JsonException error)
        {
            throw new InputFileException($"standard input is not valid JSON: {error.Message}", error);
        }
    }
}
