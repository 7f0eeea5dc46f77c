using System.Globalization;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The argument <c>attribute</c> of filters: a key, a place, or several with dots between them.</summary>
internal readonly struct AttributePath
{
    private readonly Value[] _parts;

    private AttributePath(Value[] parts) => _parts = parts;

    /// <summary>Reads a path; none gives the item itself.</summary>
    public static AttributePath Parse(RenderContext context, Value? attribute)
    {
        switch (attribute)
        {
            case null or NoneValue: return new AttributePath([]);
            case StringValue text:
                context.ChargeText(text.Text.Length);
                var names = text.Text.Split('.');
                context.Charge(names.Length);
                return new AttributePath(Array.ConvertAll(names, Part));
            default: return new AttributePath([attribute]);
        }
    }

    public Value Get(RenderContext context, Value item, Value? absent = null)
    {
        foreach (var part in _parts)
        {
            context.Charge(1);
            item = item.GetItem(context, part);
            if (absent is not null && item is UndefinedValue) item = absent;
        }
        return item;
    }

    private static Value Part(string name) =>
        name.Length > 0 && name.All(char.IsAsciiDigit) && long.TryParse(name, CultureInfo.InvariantCulture, out var place)
            ? new IntValue(place)
            : new StringValue(name);
}
