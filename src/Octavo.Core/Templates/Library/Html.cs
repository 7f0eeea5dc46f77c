using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Library;

/// <summary>The filter <c>escape</c>.</summary>
internal static class Html
{
    public static string Escape(RenderContext context, string text)
    {
        context.ChargeText(text.Length);
        if (!text.AsSpan().ContainsAny("&<>'\"")) return text;
        var escaped = new TextBuilder(context);
        var written = 0;
        for (var place = 0; place < text.Length; place++)
        {
            var entity = text[place] switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '\'' => "&#39;", '"' => "&#34;", _ => null };
            if (entity is null) continue;
            escaped.Append(text.AsSpan(written, place - written)).Append(entity);
            written = place + 1;
        }
        return escaped.Append(text.AsSpan(written)).ToString();
    }
}
