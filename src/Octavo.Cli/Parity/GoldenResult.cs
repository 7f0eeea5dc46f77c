using Octavo.Core;

namespace Octavo.Cli.Parity;

/// <summary>How a golden came out.</summary>
internal enum GoldenStatus
{
    /// <summary>Every output holds.</summary>
    Passed,
    /// <summary>An output does not hold, or the work failed.</summary>
    Failed,
    /// <summary>Its kind, or something in it, is not supported yet.</summary>
    Unsupported,
    /// <summary>It needs a model that is not on this machine.</summary>
    Missing,
}

/// <summary>What running one golden gave.</summary>
/// <param name="Folder">The golden.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Outputs">One check per output.</param>
/// <param name="Message">Why there are no outputs, or null.</param>
internal sealed record GoldenResult(string Folder, string Kind, GoldenStatus Status, IReadOnlyList<OutputCheck> Outputs, string? Message)
{
    /// <summary>Runs a golden. Failures of the work are results here, so that the others still run.</summary>
    public static GoldenResult Of(string folder, ParityContext context)
    {
        var kind = "unknown";
        try
        {
            var golden = Golden.Read(folder);
            kind = golden.Kind;
            var runner = GoldenRunners.All.FirstOrDefault(runner => runner.Kind == golden.Kind);
            if (runner is null)
            {
                var known = string.Join(", ", GoldenRunners.All.Select(runner => runner.Kind));
                return new GoldenResult(folder, kind, GoldenStatus.Unsupported, [], $"the kind '{kind}' is not supported yet; supported are {known}.");
            }
            var outputs = runner.Run(golden, context);
            var holds = outputs.Count > 0 && outputs.All(output => output.Holds);
            return new GoldenResult(folder, kind, holds ? GoldenStatus.Passed : GoldenStatus.Failed, outputs, outputs.Count > 0 ? null : "nothing was compared");
        }
        catch (UnsupportedException error)
        {
            return new GoldenResult(folder, kind, GoldenStatus.Unsupported, [], error.Message);
        }
        catch (MissingModelException error)
        {
            return new GoldenResult(folder, kind, GoldenStatus.Missing, [], error.Message);
        }
        catch (OctavoException error)
        {
            return new GoldenResult(folder, kind, GoldenStatus.Failed, [], error.Message);
        }
    }
}
