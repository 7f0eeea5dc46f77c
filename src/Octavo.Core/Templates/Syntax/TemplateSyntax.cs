using System.Globalization;

namespace Octavo.Core.Templates.Syntax;

/// <summary>The errors of a template's text, with their line.</summary>
internal static class TemplateSyntax
{
    public static InputFileException Error(int line, string problem) => new(string.Create(CultureInfo.InvariantCulture,
        $"The chat template is wrong at line {line}: {problem}. Repair the template, or use another one."));

    public static UnsupportedException Unsupported(int line, string what) => new(string.Create(CultureInfo.InvariantCulture,
        $"The chat template asks at line {line} for what is not supported: {what}."));
}
