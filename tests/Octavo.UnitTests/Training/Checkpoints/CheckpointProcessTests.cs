using System.Globalization;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Checkpoints;

/// <summary>Real processes that are killed, and a real disk that is full.</summary>
public class CheckpointProcessTests
{
    [Fact]
    public Task Save_ProcessKilledAtTenMoments_NewestCompleteLoads() => KillAndLoad(10);

    [Fact(Explicit = true)]
    [Trait("Long", "kills")]
    public Task Save_ProcessKilledAtAHundredMoments_NewestCompleteLoads() => KillAndLoad(100);

    [Fact]
    public async Task Save_DiskFull_EndsWithNumbersAndTheLastOneWhole()
    {
        using var folder = new TemporaryFolder();
        using var child = CheckpointChild.StartOnSmallDisk(folder.Path, 2_000_000);
        var (output, error) = (child.StandardOutput.ReadToEndAsync(), child.StandardError.ReadToEndAsync());
        await child.WaitForExitAsync();
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.SkipWhen(lines.Length == 0, $"no disk of its own can be mounted here: {(await error).Trim()}");
        lines.Length.ShouldBe(3, await error);
        lines[0].ShouldMatch("checkpoint-4: writing stopped after [0-9.,]+ (MiB|bytes) of about 0 bytes: ");
        lines[0].ShouldContain("No space left on device");
        lines[0].ShouldContain("Nothing of it was kept. The last checkpoint is whole: checkpoint-3.");
        lines[1].ShouldBe("whole 3 of 4");
        lines[2].ShouldBe("checkpoint-1 checkpoint-2 checkpoint-3 run.lock");
    }

    private static async Task KillAndLoad(int kills)
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        var random = new SeededRandom(11);
        var (last, leftovers) = (0L, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            last = await WriteAndKill(run, random, last);
            leftovers += Directory.GetDirectories(run, "*.incomplete").Length;
            List<string> told = [];
            using var store = CheckpointStore.Open(run, 2, told.Add);
            told[0].ShouldEndWith("did not end well; its lock is taken over.");
            var newest = store.ResumeFrom(ResumeChoice.Auto);
            if (last > 0)
                RunFiles.RequireWhole(newest, CheckpointChild.Size);
            (newest?.Step ?? 0).ShouldBeInRange(last, last + 1);
            last = newest?.Step ?? 0;
            Directory.GetDirectories(run).ShouldAllBe(path => !Path.GetFileName(path).Contains('.'));
        }
        // moments outside of a save would prove nothing
        if (kills >= 100)
            leftovers.ShouldBeGreaterThan(kills / 10);
        last.ShouldBeGreaterThan(kills / 2);
    }

    // The last step that the process said it had saved, or the one before if it said none.
    private static async Task<long> WriteAndKill(string run, SeededRandom random, long before)
    {
        using var child = CheckpointChild.StartUntilKilled(run);
        (await child.StandardOutput.ReadLineAsync()).ShouldBe("ready", child.HasExited ? await child.StandardError.ReadToEndAsync() : null);
        // counted in saves first: on a busy machine a process may need long to its first
        for (var saves = random.Next(4); saves > 0; saves--)
            before = long.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await Task.Delay(random.Next(20));
        child.Kill();
        var lines = (await child.StandardOutput.ReadToEndAsync()).Split('\n');
        await child.WaitForExitAsync();
        // the last piece has no end of line: it may be half a number
        return lines.SkipLast(1).Select(line => long.Parse(line, CultureInfo.InvariantCulture)).LastOrDefault(before);
    }
}
