using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A value that is not there: it prints as nothing and loops over nothing; all else is an error.</summary>
internal sealed class UndefinedValue : Value
{
    private const int ShownLength = 80;

    private readonly string? _text;
    private readonly Value? _owner;
    private readonly Value? _key;

    private UndefinedValue(string? text, Value? owner, Value? key) => (_text, _owner, _key) = (text, owner, key);

    public override string TypeName => "Undefined";

    public override bool IsTrue => false;

    public override bool IsCallable => true;

    public override bool HasItems => true;

    public override bool IsReversible => false;

    /// <summary>A name that nobody has set.</summary>
    public static UndefinedValue OfName(string name) => new(name, null, null);

    /// <summary>An item or attribute that its owner does not have.</summary>
    public static UndefinedValue OfKey(Value owner, Value key) => new(null, owner, key);

    /// <summary>Anything else, said in words.</summary>
    public static UndefinedValue Because(string hint) => new(hint, null, NoneValue.Instance);

    /// <summary>Throws if a value that is needed is undefined.</summary>
    public static void Refuse(RenderContext context, Value value)
    {
        if (value is UndefinedValue undefined) throw context.Fail(undefined.Problem(context));
    }

    /// <summary>Why it is undefined. The words are made only when they are needed: a key can be long.</summary>
    public string Problem(RenderContext context)
    {
        if (_owner is null) return _key is null ? $"'{_text}' is undefined" : _text!;
        var owner = _owner is NoneValue ? "None" : _owner.TypeName + " object";
        if (_key is StringValue name) return $"'{owner}' has no attribute '{Shorten(name.Text)}'";
        return $"{owner} has no element {Shorten(context.Representation(_key!))}";
    }

    public override void WriteRepresentation(TextBuilder target, RenderContext context) => target.Append("Undefined");

    public override void WriteText(TextBuilder target, RenderContext context) { }

    public override IEnumerable<Value> Items(RenderContext context) => [];

    public override long? Length(RenderContext context) => 0;

    public override Value GetAttribute(RenderContext context, string name) => throw context.Fail(Problem(context));

    public override Value GetItem(RenderContext context, Value key) => throw context.Fail(Problem(context));

    public override Value GetSlice(RenderContext context, Value? start, Value? stop, Value? step) =>
        throw context.Fail(Problem(context));

    /// <summary>Calling it is where an unknown function or method shows.</summary>
    public override Value Call(RenderContext context, Arguments arguments)
    {
        if (_owner is null && _key is null)
        {
            throw context.Unsupported(
                $"the function '{_text}', which the template does not define; functions are {TemplateFunctions.Names}");
        }
        if (_owner is null or DictValue or NamespaceValue || _key is not StringValue method) throw context.Fail(Problem(context));
        var known = _owner is StringValue ? $"; methods of str are {StringMethods.Names}" : "";
        throw context.Unsupported($"the method '{Shorten(method.Text)}' of {_owner.TypeName}{known}");
    }

    private static string Shorten(string text) => text.Length <= ShownLength ? text : text[..ShownLength] + "…";
}
