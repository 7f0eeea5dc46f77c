using System.Runtime.CompilerServices;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Statements;

namespace Octavo.Core.Templates.Syntax;

/// <summary>Turns a template into statements. Expressions and statements have a file each.</summary>
internal sealed partial class TemplateParser
{
    private readonly TokenReader _tokens;
    private readonly List<MacroUse> _macros = [];
    // The template's own body is level zero.
    private int _depth = -1;
    private int _loops;

    private TemplateParser(string source) => _tokens = new TokenReader(source);

    /// <summary>Parses a whole template.</summary>
    /// <exception cref="InputFileException">It is not well formed, too long, or nests too deep.</exception>
    /// <exception cref="UnsupportedException">It uses a tag, a filter or a test outside the subset.</exception>
    public static Statement[] Parse(string source)
    {
        if (source.Length > TemplateLimits.SourceLength)
        {
            throw new InputFileException(
                $"The chat template has {source.Length} characters; it may have {TemplateLimits.SourceLength}. Use another template.");
        }
        var parser = new TemplateParser(source);
        return parser.ParseBody("", 1);
    }

    // Every construct that can hold another of its kind goes through here, so that no template overflows the stack.
    private void Descend(int line)
    {
        if (++_depth > TemplateLimits.Nesting)
            throw TemplateSyntax.Error(line, $"blocks or brackets nest deeper than {TemplateLimits.Nesting} levels");
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TemplateSyntax.Error(line, "blocks or brackets nest too deep for the stack of this thread");
    }

    private void Ascend() => _depth--;

    /// <summary>Which of the special names the body of a macro speaks of.</summary>
    private sealed class MacroUse
    {
        public bool Caller { get; set; }

        public bool Varargs { get; set; }

        public bool Kwargs { get; set; }
    }
}
