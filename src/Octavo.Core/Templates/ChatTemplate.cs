using System.Text.Json.Nodes;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax;
using Octavo.Core.Templates.Syntax.Statements;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates;

/// <summary>
/// A chat template of a checkpoint: a Jinja subset that can reach nothing but the values it is given. It renders as
/// transformers' template environment does, within limits on steps, output and nesting. Safe for use by several threads.
/// </summary>
public sealed class ChatTemplate
{
    private readonly Statement[] _body;

    private ChatTemplate(string source, Statement[] body) => (Source, _body) = (source, body);

    /// <summary>The template's own text.</summary>
    public string Source { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The Jinja text, of at most 1,048,576 characters.</param>
    /// <exception cref="UnsupportedException">A tag, a filter or a test outside the subset, named with its line.</exception>
    /// <exception cref="InputFileException">The text is too long, nests too deep, or is not well formed; with the line.</exception>
    public static ChatTemplate Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ChatTemplate(source, TemplateParser.Parse(source));
    }

    /// <summary>Renders the template.</summary>
    /// <param name="context">The variables: <c>messages</c>, <c>add_generation_prompt</c>, <c>tools</c>, <c>bos_token</c> …</param>
    /// <param name="clock">Where <c>strftime_now</c> takes the time from; the system's clock when it is null.</param>
    /// <exception cref="ConfigException">
    /// The variables do not fit: the template's own <c>raise_exception</c>, with exactly its words, or another failure with its line;
    /// or the render goes beyond its limits.
    /// </exception>
    /// <exception cref="UnsupportedException">A function, a method or a format outside the subset, named with its line.</exception>
    public string Render(JsonObject context, TimeProvider? clock = null) => Render(context, clock, null);

    /// <summary>Renders the template, and says which parts of the text its <c>{% generation %}</c> blocks have written.</summary>
    /// <param name="context">The variables, as for <see cref="Render(JsonObject, TimeProvider)"/>.</param>
    /// <param name="clock">Where <c>strftime_now</c> takes the time from; the system's clock when it is null.</param>
    /// <returns>The text, and the ranges in rising order; no range when the template has no such block.</returns>
    /// <exception cref="ConfigException">As for <see cref="Render(JsonObject, TimeProvider)"/>.</exception>
    /// <exception cref="UnsupportedException">
    /// As for <see cref="Render(JsonObject, TimeProvider)"/>; or a generation block lies where its place in the text is not known.
    /// </exception>
    public RenderedChat RenderWithGenerationSpans(JsonObject context, TimeProvider? clock = null)
    {
        var spans = new List<GenerationSpan>();
        return new RenderedChat(Render(context, clock, spans), spans);
    }

    private string Render(JsonObject context, TimeProvider? clock, List<GenerationSpan>? spans)
    {
        ArgumentNullException.ThrowIfNull(context);
        var render = new RenderContext(ValueReader.Read(context), clock ?? TimeProvider.System, spans);
        Statement.ExecuteAll(render, _body);
        return render.Output.ToString();
    }
}
