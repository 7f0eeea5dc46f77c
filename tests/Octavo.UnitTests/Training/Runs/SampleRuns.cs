using Octavo.Training.Runs;

namespace Octavo.UnitTests.Training.Runs;

/// <summary>Runs for tests, with curves that are functions of the step.</summary>
internal static class SampleRuns
{
    public const string Config = "model: smollm2\ntrain:\n  lr: 2e-5\n  batch: 8\n";

    public static RunInfo Info(string name = "first", string config = Config, ulong seed = 7) =>
        new(name, "sft", config, seed, "v1-5-gabc", "Test processor, 2", "octavo train sft -c run.yaml");

    public static double Loss(long step) => 2 + Math.Sin(step) + (10.0 / step);

    /// <summary>Logs the steps after <paramref name="from"/> up to <paramref name="to"/>.</summary>
    public static void Fill(RunLog log, long from, long to)
    {
        for (var step = from + 1; step <= to; step++)
            log.Log(step, step * 512, [(RunTags.Loss, Loss(step)), (RunTags.LearningRate, 1e-3 / step)]);
    }

    /// <summary>A run that is done.</summary>
    public static void Make(string folder, RunInfo info, long steps, TimeProvider? clock = null)
    {
        using var log = RunLog.Create(folder, info, clock);
        Fill(log, 0, steps);
        log.Finish(RunStatus.Done);
    }
}
