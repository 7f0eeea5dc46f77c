using System.Diagnostics.CodeAnalysis;

namespace Octavo.Core.Gguf;

/// <summary>
/// The key-value part of a GGUF file. Values are <c>byte sbyte ushort short uint int ulong long float double bool string</c> or arrays of
/// them (<c>string[]</c>, <c>float[]</c>, <c>int[]</c> …; arrays of arrays are <c>object[]</c>).
/// </summary>
public sealed class GgufMetadata
{
    private readonly Dictionary<string, object> _values;

    /// <summary>Wraps values by key.</summary>
    /// <param name="location">The file, for messages.</param>
    /// <param name="values">The values, in the file's order.</param>
    public GgufMetadata(string location, Dictionary<string, object> values)
    {
        Location = location;
        _values = values;
    }

    /// <summary>The file that the values came from.</summary>
    public string Location { get; }

    /// <summary>Every key and value, in the file's order.</summary>
    public IReadOnlyDictionary<string, object> Values => _values;

    /// <summary>Finds a value of a type; whole numbers of any width are taken where <typeparamref name="T"/> is int or long and they fit.</summary>
    /// <typeparam name="T">The type wanted.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>False where the key is absent.</returns>
    /// <exception cref="CheckpointException">The key is there with another type.</exception>
    public bool TryGet<T>(string key, [NotNullWhen(true)] out T? value)
    {
        value = default;
        if (!_values.TryGetValue(key, out var found))
            return false;
        value = Convert<T>(key, found);
        return true;
    }

    /// <summary>The value of a key that must be there.</summary>
    /// <typeparam name="T">The type wanted.</typeparam>
    /// <param name="key">The key.</param>
    /// <exception cref="CheckpointException">The key is absent or has another type.</exception>
    public T Get<T>(string key) => TryGet<T>(key, out var value)
        ? value
        : throw new CheckpointException($"{Location}: the metadata lack '{key}'. The file is incomplete; convert the model again.");

    /// <summary>The value of a key, or a default where it is absent.</summary>
    /// <typeparam name="T">The type wanted.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Taken where the key is absent.</param>
    public T Get<T>(string key, T fallback) => TryGet<T>(key, out var value) ? value : fallback;

    [return: NotNull]
    private T Convert<T>(string key, object found)
    {
        if (found is T same)
            return same;
        long? whole = found switch
        {
            byte v => v,
            sbyte v => v,
            ushort v => v,
            short v => v,
            uint v => v,
            int v => v,
            long v => v,
            ulong v when v <= long.MaxValue => (long)v,
            _ => null,
        };
        if (whole is { } number)
        {
            if (typeof(T) == typeof(long))
                return (T)(object)number;
            if (typeof(T) == typeof(int) && number is >= int.MinValue and <= int.MaxValue)
                return (T)(object)(int)number;
        }
        if (found is float single && typeof(T) == typeof(double))
            return (T)(object)(double)single;
        throw new CheckpointException($"{Location}: '{key}' is {found.GetType().Name}; {typeof(T).Name} is expected.");
    }
}
