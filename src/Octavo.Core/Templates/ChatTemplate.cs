using System.Text.Json.Nodes;

namespace Octavo.Core.Templates;

/// <summary>A chat template of a checkpoint: a Jinja subset that can reach nothing but the values it is given.</summary>
public sealed class ChatTemplate
{
    /// <summary>Parses a template.</summary>
    /// <param name="source">The Jinja text.</param>
    /// <exception cref="UnsupportedException">A construct outside the subset, named.</exception>
    public static ChatTemplate Parse(string source) => throw new UnsupportedException("not built yet: " + source.Length);

    /// <summary>Renders the template.</summary>
    /// <param name="context">The variables: <c>messages</c>, <c>add_generation_prompt</c>, <c>tools</c>, <c>bos_token</c> …</param>
    public string Render(JsonObject context) => throw new UnsupportedException("not built yet: " + context.Count + Source);

    /// <summary>The template's own text.</summary>
    public string Source { get; } = "";
}
