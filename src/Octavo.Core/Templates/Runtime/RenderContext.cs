using System.Globalization;
using System.Runtime.CompilerServices;
using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Runtime;

/// <summary>One render: its variables, its place in the template, its output and what it has cost so far.</summary>
internal sealed class RenderContext
{
    private const string Advice =
        "Check that the conversation and the variables have what the template reads, or use another template.";

    private readonly DictValue _variables;
    private long _steps;
    private long _characters;
    private int _frames;
    private int _calls;

    public RenderContext(DictValue variables, TimeProvider clock, List<GenerationSpan>? spans)
    {
        _variables = variables;
        Clock = clock;
        Spans = spans;
        Scope = new Scope(null);
        Output = new TextBuilder(this, isOutput: true);
    }

    public TimeProvider Clock { get; }

    /// <summary>Where generation blocks note their ranges; null when nobody asked for them.</summary>
    public List<GenerationSpan>? Spans { get; }

    /// <summary>True inside a generation block.</summary>
    public bool IsGenerating { get; set; }

    public Scope Scope { get; set; }

    public TextBuilder Output { get; set; }

    /// <summary>The line of the node that is being evaluated.</summary>
    public int Line { get; set; } = 1;

    /// <summary>Opens an evaluation at a line. Returns the line to give back to <see cref="Leave"/>.</summary>
    public int Enter(int line)
    {
        var outer = Enter();
        Line = line;
        return outer;
    }

    /// <summary>Opens a nested operation on values.</summary>
    public int Enter()
    {
        if (++_steps > TemplateLimits.Steps) throw StepsSpent();
        // The second test is for threads with a small stack; the first one is what a template meets.
        if (++_frames > TemplateLimits.Frames || ((_frames & 15) == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack()))
            throw Fail("calls or values lie too deep inside each other");
        return Line;
    }

    public void Leave(int outerLine)
    {
        _frames--;
        Line = outerLine;
    }

    /// <summary>Opens a call of a macro, of a block or of a recursive loop.</summary>
    public void EnterCall()
    {
        if (++_calls > TemplateLimits.Nesting)
            throw Fail($"macros or loops call each other more than {TemplateLimits.Nesting} levels deep");
    }

    public void LeaveCall() => _calls--;

    /// <summary>Pays for items, before they are made.</summary>
    public void Charge(long steps)
    {
        if (steps > TemplateLimits.Steps - _steps) throw StepsSpent();
        _steps += steps;
    }

    /// <summary>Pays for characters that are made or looked at, before that is done.</summary>
    public void ChargeText(long characters)
    {
        _characters += characters;
        if (_characters < TemplateLimits.CharactersPerStep) return;
        Charge(_characters / TemplateLimits.CharactersPerStep);
        _characters %= TemplateLimits.CharactersPerStep;
    }

    /// <summary>Pays for characters that are looked at one by one.</summary>
    public void ChargeSlowText(long characters) => ChargeText(characters * TemplateLimits.SlowCharacter);

    public void RequireTextLength(long length)
    {
        if (length > TemplateLimits.TextLength)
            throw Fail($"a text grows beyond {TemplateLimits.TextLength:N0} characters");
    }

    /// <summary>The value of a name: set in the template, else given, else one of the functions, else undefined.</summary>
    public Value Resolve(string name)
    {
        var hops = 0;
        for (var scope = Scope; scope is not null; scope = scope.Parent, hops++)
        {
            if (scope.TryGet(name, out var value)) return value;
        }
        Charge(hops / 8);
        return _variables.Find(name) ?? (Value?)TemplateFunctions.Find(name) ?? UndefinedValue.OfName(name);
    }

    /// <summary>A value as <c>str()</c> shows it.</summary>
    public string Text(Value value) =>
        value is StringValue text ? text.Text : new TextBuilder(this).AppendText(value).ToString();

    /// <summary>A value as <c>repr()</c> shows it.</summary>
    public string Representation(Value value) => new TextBuilder(this).AppendRepresentation(value).ToString();

    /// <summary>The error of a template that cannot go on, with its line.</summary>
    public ConfigException Fail(string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The chat template fails at line {Line}: {problem}. {Advice}"));

    /// <summary>The error of something that the subset does not have, with its line.</summary>
    public UnsupportedException Unsupported(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The chat template asks at line {Line} for what is not supported: {what}."));

    private ConfigException StepsSpent() => Fail(string.Create(CultureInfo.InvariantCulture,
        $"it needs more than {TemplateLimits.Steps:N0} steps, the most that a template may take"));
}
