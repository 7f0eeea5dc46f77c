using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Chat templates: what they render, and that they fail where the reference does; a template's own refusal word for word.</summary>
internal sealed class ChatTemplateRunner : GoldenRunner
{
    private const string OwnRefusal = "TemplateError";

    public override string Kind => "chat-template";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var root = golden.Json("cases.json");
        var (rendered, refused) = (new CaseCheck("rendered"), new CaseCheck("refused"));
        foreach (var entry in golden.Cases(context))
        {
            var label = entry.GetProperty("name").GetString()!;
            var source = (entry.TryGetProperty("template", out var own) ? own : root.GetProperty("template")).GetString()!;
            var (text, error) = Render(source, Context(root, entry));
            if (entry.TryGetProperty("rendered", out var expected))
                rendered.AddText(label, text ?? error!.Message, expected.GetString()!);
            else
                refused.Add(IsExpected(error, entry), () => $"{label}: {(error is null ? "rendered" : error.Message)} instead of {entry.GetProperty("message")}");
        }
        return CaseCheck.Outcomes(rendered, refused);
    }

    private static (string? Text, OctavoException? Error) Render(string source, JsonObject context)
    {
        try
        {
            return (ChatTemplate.Parse(source).Render(context), null);
        }
        catch (OctavoException error)
        {
            return (null, error);
        }
    }

    private static JsonObject Context(JsonElement root, JsonElement entry)
    {
        var context = JsonNode.Parse(entry.GetProperty("context").GetRawText())!.AsObject();
        foreach (var name in (string[])["bos_token", "eos_token"])
        {
            if (root.TryGetProperty(name, out var token))
                context.TryAdd(name, token.GetString());
        }
        return context;
    }

    private static bool IsExpected(OctavoException? error, JsonElement entry) => error is not null
        && (entry.GetProperty("error").GetString() != OwnRefusal || error.Message.Contains(entry.GetProperty("message").GetString()!, StringComparison.Ordinal));
}
