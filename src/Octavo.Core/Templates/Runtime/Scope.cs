using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Runtime;

/// <summary>The names that one block has set, and the block around it.</summary>
internal sealed class Scope(Scope? parent)
{
    private Dictionary<string, Value>? _names;

    public Scope? Parent => parent;

    public void Set(string name, Value value) => (_names ??= new Dictionary<string, Value>(StringComparer.Ordinal))[name] = value;

    public bool TryGet(string name, out Value value)
    {
        value = NoneValue.Instance;
        return _names is not null && _names.TryGetValue(name, out value!);
    }
}
