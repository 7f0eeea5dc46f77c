namespace Octavo.Training.Configuration;

/// <summary>The configuration of a recipe for models of any kind: groups of settings, joined.</summary>
internal interface IRecipeConfig : INamedConfig
{
    /// <summary>What it shares with all others.</summary>
    TrainConfig Shared { get; }
}
