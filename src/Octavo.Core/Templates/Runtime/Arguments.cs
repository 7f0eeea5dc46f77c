using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Runtime;

/// <summary>The arguments of one call: by position, then by name.</summary>
internal readonly struct Arguments(Value[] positional, KeyValuePair<string, Value>[] named)
{
    public static Arguments None => new([], []);

    public Value[] Positional { get; } = positional;

    public KeyValuePair<string, Value>[] Named { get; } = named;

    public int Count => Positional.Length + Named.Length;

    /// <summary>Arguments by position only, which is what most methods of Python's types take.</summary>
    public Value[] RequirePositional(RenderContext context, string callee, int least, int most)
    {
        if (Named.Length > 0) throw context.Fail($"{callee} takes no argument named '{Named[0].Key}'");
        if (Positional.Length < least || Positional.Length > most)
        {
            var allowed = least == most ? $"{least}" : $"{least} to {most}";
            throw context.Fail($"{callee} takes {allowed} arguments, not {Positional.Length}");
        }
        return Positional;
    }

    /// <summary>Lays the arguments out in the order of their names; null where one was not given.</summary>
    public Value?[] Bind(RenderContext context, string callee, int required, params string[] names)
    {
        if (Positional.Length > names.Length)
            throw context.Fail($"{callee} takes at most {names.Length} arguments, not {Positional.Length}");
        var bound = new Value?[names.Length];
        Positional.CopyTo(bound, 0);
        foreach (var (name, value) in Named)
        {
            var place = Array.IndexOf(names, name);
            if (place < 0) throw context.Fail($"{callee} takes no argument named '{name}'");
            if (bound[place] is not null) throw context.Fail($"{callee} got its argument '{name}' twice");
            bound[place] = value;
        }
        for (var i = 0; i < required; i++)
        {
            if (bound[i] is null) throw context.Fail($"{callee} lacks its argument '{names[i]}'");
        }
        return bound;
    }

    /// <summary>The same arguments without the first positional ones.</summary>
    public Arguments Skip(int count) => new(Positional[count..], Named);
}
