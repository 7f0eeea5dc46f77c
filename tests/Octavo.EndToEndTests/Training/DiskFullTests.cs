using System.Globalization;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests.Training;

/// <summary>A run whose disk has no room for a checkpoint: one message, exit 4, what was there stays whole, and with room it goes on.</summary>
public class DiskFullTests
{
    private const string Settings = """
        per_device_train_batch_size: 4
        max_train_steps: 12
        checkpointing_steps: 2
        keep_last_n_checkpoints: -1
        max_seq_length: 128
        """;

    [Fact]
    public void Train_DiskFull_Exits4AndGoesOnWithRoom()
    {
        using var folder = new TemporaryFolder();
        var training = new TinyTraining(folder.Path, Settings);
        training.Run("whole").Exit.ShouldBe(0);
        // a disk of its own, which has room for three checkpoints of a megabyte and the log
        var disk = Directory.CreateDirectory(training.Output("run")).FullName;
        const string Script = """
            mount -t tmpfs -o size=3500k none "$1" || exit 99
            shift
            "$@"; echo "exit $?"
            cp -r "$0" "$0-full" && mount -o remount,size=50m "$0"
            "$@"; echo "exit $?"
            cp -r "$0" "$0-done"
            """;
        var result = OctavoProgram.Finish(OctavoProgram.Start("unshare",
            ["-rm", "sh", "-c", Script, disk, disk, "dotnet", .. training.Arguments("run")]));
        Assert.SkipWhen(result.Exit is 1 or 99 && !result.Out.Contains("exit", StringComparison.Ordinal),
            $"no disk of its own can be mounted here: {result.Error.Trim()}");
        Exits(result).ShouldBe([4, 0], result.Error);
        var message = Messages(result.Error)[0];
        message.ShouldContain("Free some space");
        Leftovers(training.Output("run-full")).ShouldBeEmpty();
        foreach (var step in training.Checkpoints("run-full"))
            StoredFolder.RequireWhole(training.Checkpoint("run-full", step));
        training.Checkpoints("run-full").Count.ShouldBeInRange(1, 5);
        message.ShouldContain($"The last checkpoint is whole: checkpoint-{training.Checkpoints("run-full")[^1]}.");
        training.RequireSame("whole", "run-done");
    }

    // The limit lies between the model's size and the optimizer's: writing fails in the middle of a file, whoever runs this.
    [Fact]
    public void Train_FileCannotGrow_Exits4AndGoesOnWithoutTheLimit()
    {
        using var folder = new TemporaryFolder();
        var training = new TinyTraining(folder.Path, Settings);
        training.Run("whole").Exit.ShouldBe(0);
        using (var process = training.Start("run"))
        {
            while (training.Checkpoints("run").Count == 0 && !process.HasExited)
                Thread.Sleep(1);
            process.Kill();
            process.WaitForExit();
        }
        var before = training.Checkpoints("run");
        before[^1].ShouldBeLessThan(12, "the run was over before it was killed");

        // ignored, the signal becomes an error of the write; the runtime's own code must not live in a file that cannot grow
        const string Script = "trap '' XFSZ; ulimit -f \"$0\" && DOTNET_EnableWriteXorExecute=0 exec \"$@\"";
        var blocks = (500 * 1024 / 512).ToString(CultureInfo.InvariantCulture);
        var full = OctavoProgram.Finish(OctavoProgram.Start("sh", ["-c", Script, blocks, "dotnet", .. training.Arguments("run")]));
        full.Exit.ShouldBe(4, full.Error);
        Messages(full.Error).ShouldHaveSingleItem().ShouldContain("Nothing of it was kept. The last checkpoint is whole");
        training.Checkpoints("run").ShouldBe(before);
        Leftovers(training.Output("run")).ShouldBeEmpty();
        StoredFolder.RequireWhole(training.Checkpoint("run", before[^1]));

        var rest = training.Run("run");
        rest.Exit.ShouldBe(0, rest.Error);
        rest.Error.ShouldContain($"going on from checkpoint-{before[^1]}");
        training.RequireSame("whole", "run");
    }

    private static List<int> Exits(ProgramResult result) =>
    [
        .. result.Out.Split('\n').Where(line => line.StartsWith("exit ", StringComparison.Ordinal))
            .Select(line => int.Parse(line[5..], CultureInfo.InvariantCulture)),
    ];

    // what ends a run, not what it tells on its way
    private static List<string> Messages(string error) =>
        [.. error.Split('\n').Where(line => line.StartsWith("octavo: ", StringComparison.Ordinal) && line.Contains("checkpoint", StringComparison.Ordinal)
            && !line.Contains("going on from", StringComparison.Ordinal))];

    private static List<string> Leftovers(string run) =>
        [.. Directory.GetDirectories(run).Where(path => Path.GetFileName(path).Contains('.'))];
}
