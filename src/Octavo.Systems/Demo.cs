using Octavo.Core.Store;
using Octavo.Engine;

namespace Octavo.Systems;

/// <summary>A demonstration: a claim of a system that runs here within two minutes, offline, beside a control.</summary>
internal interface IDemo
{
    /// <summary>What follows <c>octavo demo</c>.</summary>
    string Name { get; }

    /// <summary>One line for lists.</summary>
    string Summary { get; }

    /// <summary>Whether there is a model that can be trained anew first.</summary>
    bool CanRetrain { get; }

    /// <summary>Runs the claim and its control.</summary>
    /// <exception cref="Core.ConfigException">An option has no effect on it.</exception>
    DemoResult Run(DemoOptions options, CancellationToken cancellationToken);
}

/// <summary>What a demonstration gets.</summary>
/// <param name="Seed">Draws all that is asked.</param>
/// <param name="Retrains">Whether its model is trained anew from the seed first.</param>
/// <param name="Models">Finds models.</param>
/// <param name="Kv">Reads a type and a method for keys and values, as <c>--kv</c> takes them.</param>
/// <param name="Progress">Told of what is done: what, how much, of how much.</param>
internal sealed record DemoOptions(
    ulong Seed, bool Retrains, ModelStore Models, Func<string, (KvType? Type, string? Method)> Kv, Action<string, int, int> Progress);

/// <summary>What a demonstration showed.</summary>
/// <param name="Claim">What it says; one sentence or two.</param>
/// <param name="Control">What stands beside it.</param>
/// <param name="Setting">What was run: model, data, numbers.</param>
/// <param name="Columns">Headers of the figures.</param>
/// <param name="Rows">Figures; those of the control among them.</param>
/// <param name="Checks">What has to hold.</param>
internal sealed record DemoResult(
    string Claim, string Control, string Setting, IReadOnlyList<string> Columns, IReadOnlyList<DemoRow> Rows, IReadOnlyList<DemoCheck> Checks)
{
    /// <summary>Whether the claim holds here.</summary>
    public bool Holds => Checks.Count > 0 && Checks.All(check => check.Holds);
}

/// <summary>One row of figures.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Figures">One per column.</param>
/// <param name="IsControl">Whether it is the control.</param>
internal sealed record DemoRow(string Name, IReadOnlyList<double> Figures, bool IsControl = false);

/// <summary>One thing that has to hold.</summary>
/// <param name="Text">What, with its bound.</param>
/// <param name="Figure">What was measured.</param>
/// <param name="Holds">Whether it does.</param>
internal sealed record DemoCheck(string Text, double Figure, bool Holds)
{
    /// <summary>A figure that must be at least so much; one that is no number is not.</summary>
    public static DemoCheck AtLeast(string what, double figure, double bound) =>
        new(FormattableString.Invariant($"{what} at least {bound:0.#}"), figure, figure >= bound);

    /// <summary>A figure that must be at most so much.</summary>
    public static DemoCheck AtMost(string what, double figure, double bound) =>
        new(FormattableString.Invariant($"{what} at most {bound:0.#}"), figure, figure <= bound);
}
