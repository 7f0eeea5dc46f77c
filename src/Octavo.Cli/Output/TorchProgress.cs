using Octavo.Nn;

namespace Octavo.Cli.Output;

/// <summary>Shows the fetching of libtorch in the status line.</summary>
internal static class TorchProgress
{
    private const int Megabyte = 1_000_000;

    /// <summary>What <see cref="TorchOptions.Progress"/> is to call.</summary>
    public static Action<FetchProgress> On(StatusLine line) => progress =>
    {
        if (progress.Total > 0)
            line.Report($"{progress.What}, MB", (int)(progress.Done / Megabyte), (int)(progress.Total / Megabyte));
        else
            line.Report(progress.What);
    };
}
