using System.Diagnostics;
using System.Globalization;
using Octavo.Core;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests.Training;

/// <summary>Runs with accumulation and packing that are killed again and again, at any moment.</summary>
public class KillTests
{
    private const int Kills = 50;

    [Fact(Explicit = true)]
    [Trait("Long", "sft-kills")]
    public void Train_KilledAtFiftyRandomMoments_EndsAsOneThatWasNot()
    {
        using var folder = new TemporaryFolder();
        var training = new TinyTraining(folder.Path, """
            packing: true
            max_seq_length: 256
            per_device_train_batch_size: 2
            gradient_accumulation_steps: 3
            num_train_epochs: 6
            checkpointing_steps: 3
            keep_last_n_checkpoints: 2
            """, conversations: 120, words: 40);
        var seed = Seed();
        Say($"seed {seed}; give OCTAVO_TEST_SEED to draw the same delays");
        var random = new SeededRandom(seed);
        var (toFirst, toEnd) = RunUninterrupted(training);
        Say(string.Create(CultureInfo.InvariantCulture, $"uninterrupted: first checkpoint after {toFirst} ms, end after {toEnd} ms"));

        var (kills, writing, runs) = (0, 0, 0);
        while (kills < Kills)
        {
            var name = $"killed-{runs++}";
            // from half of the way to the first checkpoint to half of the way from there to the end
            while (KilledAfter(training, name, (int)((toFirst / 2) + (random.NextDouble() * toEnd / 2))))
            {
                kills++;
                if (Directory.Exists(training.Output(name)))
                    writing += Directory.GetDirectories(training.Output(name), "*.incomplete").Length;
            }
            training.RequireSame("whole", name);
        }
        Say($"{kills} kills in {runs} runs, {writing} of them while a checkpoint was written");
    }

    /// <summary>Starts or goes on with a run and kills it.</summary>
    /// <returns>Whether it was killed; false where it was done before.</returns>
    private static bool KilledAfter(TinyTraining training, string name, int milliseconds)
    {
        var before = training.Checkpoints(name);
        using var process = training.Start(name);
        var error = process.StandardError.ReadToEndAsync();
        var isDone = process.WaitForExit(milliseconds);
        process.Kill();
        process.WaitForExit();
        var said = error.GetAwaiter().GetResult();
        if (isDone)
        {
            process.ExitCode.ShouldBe(0, said);
            return false;
        }
        if (process.ExitCode == 0)
            return false;
        process.ExitCode.ShouldBe(137, said);
        var after = training.Checkpoints(name);
        (after.Count > 0 ? after[^1] : 0).ShouldBeGreaterThanOrEqualTo(before.Count > 0 ? before[^1] : 0);
        if (after.Count > 0)
            StoredFolder.RequireWhole(training.Checkpoint(name, after[^1]));
        if (before.Count > 0 && said.Contains("going on", StringComparison.Ordinal))
            said.ShouldContain($"going on from checkpoint-{before[^1]}");
        return true;
    }

    private static (long ToFirst, long ToEnd) RunUninterrupted(TinyTraining training)
    {
        var watch = Stopwatch.StartNew();
        var process = training.Start("whole");
        while (training.Checkpoints("whole").Count == 0 && !process.HasExited)
            Thread.Sleep(5);
        var first = watch.ElapsedMilliseconds;
        var result = OctavoProgram.Finish(process);
        result.Exit.ShouldBe(0, result.Error);
        return (first, watch.ElapsedMilliseconds);
    }

    private static ulong Seed() => Environment.GetEnvironmentVariable("OCTAVO_TEST_SEED") is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : (ulong)Stopwatch.GetTimestamp();

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
