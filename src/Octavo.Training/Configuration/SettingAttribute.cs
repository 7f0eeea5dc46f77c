namespace Octavo.Training.Configuration;

/// <summary>What it means for going on with a run that a setting is another than in its checkpoint.</summary>
internal enum OnResume
{
    /// <summary>The run would become another one: refused.</summary>
    Refused,
    /// <summary>The run goes on, but its numbers may differ in the last bits, or its figures are no longer comparable: told.</summary>
    Warned,
    /// <summary>It changes nothing that is computed.</summary>
    Free,
}

/// <summary>How a text is understood.</summary>
internal enum TextKind
{
    /// <summary>As it is.</summary>
    Plain,
    /// <summary>A path: relative ones start from the folder of the YAML file; for <c>--set</c>, from the current one.</summary>
    Path,
    /// <summary>A path where one is there or where it is written as one (<c>./x</c>, <c>/x</c>); else an id.</summary>
    PathOrId,
    /// <summary>A path where it has a dot or a separator; else a name.</summary>
    PathOrName,
}

/// <summary>
/// Makes a property a key of the run's YAML file, under the property's name in snake_case. The property's initial value is the default.
/// </summary>
/// <param name="meaning">One sentence; what the value is and its unit.</param>
/// <param name="source">Where the default, or the key, comes from.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string meaning, string source) : Attribute
{
    public string Meaning { get; } = meaning;

    public string Source { get; } = source;

    /// <summary>Whether it has to be given.</summary>
    public bool IsRequired { get; init; }

    public TextKind Text { get; init; }

    /// <summary>The least value, itself allowed.</summary>
    public double AtLeast { get; init; } = double.NegativeInfinity;

    /// <summary>What the value must be above.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest value, itself allowed.</summary>
    public double AtMost { get; init; } = double.PositiveInfinity;

    /// <summary>What the value must be below.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    public OnResume OnResume { get; init; }
}

/// <summary>A record of settings whose keys stand beside its owner's: a group for the reader of the code, not of the file.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InlineAttribute : Attribute;

/// <summary>A record of settings whose keys stand under the property's own name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SectionAttribute : Attribute;

/// <summary>Where defaults come from.</summary>
internal static class Sources
{
    /// <summary>finetune.py of open-instruct, whose keys these are.</summary>
    public const string OpenInstruct = "open-instruct";

    /// <summary>transformers 5.23, its training arguments and schedulers.</summary>
    public const string Transformers = "transformers";

    /// <summary>torch 2.13, torch.optim.AdamW.</summary>
    public const string Torch = "torch";

    /// <summary>peft, LoraConfig.</summary>
    public const string Peft = "peft";

    /// <summary>A key or default of this project.</summary>
    public const string Octavo = "octavo";
}
