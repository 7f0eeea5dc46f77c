namespace Octavo.Training.Configuration;

/// <summary>Something wrong between values that are each right.</summary>
/// <param name="Key">The key that has to change, with its section, such as <c>lr_scheduler_kwargs.power</c>.</param>
/// <param name="Text">What is wrong and what to do; follows the key.</param>
/// <param name="Cause">The key that asks for it, whose place is told where the other one is not written.</param>
internal sealed record ConfigProblem(string Key, string Text, string? Cause = null);

/// <summary>A record of settings that knows which of its values do not go together.</summary>
internal interface IHasProblems
{
    /// <summary>All of them.</summary>
    IEnumerable<ConfigProblem> Problems();
}
