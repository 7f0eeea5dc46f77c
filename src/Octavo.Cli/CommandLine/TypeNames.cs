using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.Cli.CommandLine;

/// <summary>Types of weights by their names on the command line, in any case.</summary>
internal static class TypeNames
{
    /// <summary>The type of that name; null where none is given.</summary>
    /// <param name="option">The option, for the error.</param>
    /// <param name="name">What was typed.</param>
    /// <param name="known">The types that may be given.</param>
    /// <param name="offered">Those that the error names; null names all that may be given.</param>
    /// <exception cref="ConfigException">No type has that name.</exception>
    public static TensorType? Read(string option, string? name, IReadOnlyList<TensorType> known, IReadOnlyList<TensorType>? offered = null)
    {
        if (name is null)
            return null;
        foreach (var type in known)
        {
            if (type.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
                return type;
        }
        throw new ConfigException(
            $"{option} is '{name}'; give one of {string.Join(", ", (offered ?? known).Select(type => type.ToString().ToLowerInvariant()))}.");
    }
}
