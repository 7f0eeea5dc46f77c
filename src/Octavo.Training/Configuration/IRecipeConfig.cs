namespace Octavo.Training.Configuration;

/// <summary>The configuration of one recipe: groups of settings, joined.</summary>
internal interface IRecipeConfig
{
    /// <summary>The recipe's name, as <c>octavo train</c> takes it.</summary>
    static abstract string Recipe { get; }

    /// <summary>What it shares with all others.</summary>
    TrainConfig Shared { get; }
}
