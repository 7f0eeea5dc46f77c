using System.Reflection;

namespace Octavo.Training.Configuration;

/// <summary>A key that a recipe's file may have.</summary>
/// <param name="Name">With its section: <c>lr_scheduler_kwargs.power</c>.</param>
/// <param name="Property">What holds it.</param>
/// <param name="About">What it means.</param>
/// <param name="Path">The properties that lead from the recipe's record to the one that holds it.</param>
internal sealed record ConfigKey(string Name, PropertyInfo Property, SettingAttribute About, IReadOnlyList<PropertyInfo> Path)
{
    /// <summary>All keys of a recipe's record, in the order of the code.</summary>
    public static IReadOnlyList<ConfigKey> Of(Type type) => [.. Below(type, "", [])];

    /// <summary>The properties of a record of settings, in the order of the code.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite)
            .OrderBy(property => property.MetadataToken);

    /// <summary>The value in a recipe's record.</summary>
    public object? In(object config) => Property.GetValue(Path.Aggregate(config, (owner, property) => property.GetValue(owner)!));

    private static IEnumerable<ConfigKey> Below(Type type, string section, IReadOnlyList<PropertyInfo> path)
    {
        foreach (var property in PropertiesOf(type))
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } about)
                yield return new ConfigKey(section + Spelling.Of(property), property, about, path);
            else
            {
                var inside = property.IsDefined(typeof(SectionAttribute)) ? $"{section}{Spelling.Of(property)}." : section;
                foreach (var key in Below(property.PropertyType, inside, [.. path, property]))
                    yield return key;
            }
        }
    }
}
