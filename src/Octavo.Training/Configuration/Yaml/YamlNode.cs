namespace Octavo.Training.Configuration.Yaml;

/// <summary>Where a value of a configuration was written.</summary>
/// <param name="Folder">The folder that its relative paths start from.</param>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Option">The option instead, such as "--set seed".</param>
internal sealed record ConfigPlace(string Folder, long Line, long Column, string? Option = null)
{
    /// <summary>The place in words.</summary>
    public string Text => Option ?? $"line {Line}, column {Column}";
}

/// <summary>A value of a configuration as it was written, before it has a type.</summary>
/// <param name="Place">Where it begins.</param>
internal abstract record YamlNode(ConfigPlace Place)
{
    /// <summary>What it is, for an error.</summary>
    public abstract string Describe();
}

/// <summary>A single value.</summary>
/// <param name="Text">As written, without quotes.</param>
/// <param name="IsQuoted">Whether quotes, or a block of text, make it a text.</param>
/// <param name="Place">Where it begins.</param>
internal sealed record YamlScalar(string Text, bool IsQuoted, ConfigPlace Place) : YamlNode(Place)
{
    /// <summary>Whether it says that there is no value.</summary>
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Describe() => IsNull ? "nothing" : IsQuoted ? $"the text \"{Short()}\"" : $"'{Short()}'";

    private string Short() => (Text.Length > 60 ? Text[..60] + "…" : Text).ReplaceLineEndings("⏎");
}

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlNode> Items, ConfigPlace Place) : YamlNode(Place)
{
    public override string Describe() => $"a list of {Items.Count}";
}

/// <summary>Keys with their values, in the order written.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, ConfigPlace Place) : YamlNode(Place)
{
    public override string Describe() => "keys with values";
}

/// <summary>One key of a map.</summary>
/// <param name="Key">As written.</param>
/// <param name="Place">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record YamlEntry(string Key, ConfigPlace Place, YamlNode Value);
