namespace Octavo.Training.Configuration;

/// <summary>What <c>octavo train</c> reads from a YAML file.</summary>
internal interface INamedConfig
{
    /// <summary>The recipe's name, as <c>octavo train</c> takes it.</summary>
    static abstract string Recipe { get; }
}
