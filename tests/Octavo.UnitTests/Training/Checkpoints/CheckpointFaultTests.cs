using Octavo.Core;
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Checkpoints;

/// <summary>
/// The machine stops, or the disk fails, before every single step of a save: the newest complete checkpoint always loads.
/// </summary>
public class CheckpointFaultTests
{
    private const string Folder = "/runs/a";

    private enum Outcome
    {
        Saved,
        Stopped,
    }

    public static TheoryData<Loss> Losses => [.. Enum.GetValues<Loss>()];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Save_StoppedBeforeEveryStep_NewestCompleteLoads(Loss loss)
    {
        var stops = EveryStop(store => store.Save(30, RunFiles.Parts(30)), loss, (restarted, outcome) =>
        {
            using var store = CheckpointStore.Open(Folder, 2, _ => { }, restarted);
            var latest = store.ResumeFrom(ResumeChoice.Auto);
            RunFiles.RequireWhole(latest);
            latest!.Step.ShouldBeGreaterThanOrEqualTo(outcome == Outcome.Saved ? 30 : 20);
            restarted.NamesIn(Folder).ShouldAllBe(name => name == CheckpointStore.LockName || !name.Contains('.', StringComparison.Ordinal));
            store.Save(40, RunFiles.Parts(40));
            RunFiles.RequireWhole(store.Latest());
            store.Latest()!.Step.ShouldBe(40);
        });
        stops.ShouldBeGreaterThan(20);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Save_OfAStepThatIsThere_StoppedBeforeEveryStep_OneOfThemLoads(Loss loss)
    {
        EveryStop(store => store.Save(20, RunFiles.Parts(20)), loss, (restarted, _) =>
        {
            using var store = CheckpointStore.Open(Folder, 2, _ => { }, restarted);
            var latest = store.ResumeFrom(ResumeChoice.Auto);
            RunFiles.RequireWhole(latest);
            // a power cut between the two renamings may leave neither name on the disk, but never a broken one
            latest!.Step.ShouldBeGreaterThanOrEqualTo(loss == Loss.Nothing ? 20 : 10);
            restarted.NamesIn(Folder).ShouldNotContain(name => name.Contains(".replaced", StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Open_StoppedWhileClearing_ClearsTheNextTime(Loss loss)
    {
        EveryStop(store => store.Save(30, RunFiles.Parts(30)), Loss.Nothing, (restarted, _) =>
        {
            for (var stop = 0; ; stop++)
            {
                var disk = restarted.Restart(Loss.Nothing);
                disk.StopAt = stop;
                var outcome = Try(() => CheckpointStore.Open(Folder, 2, _ => { }, disk).Dispose());
                using var store = CheckpointStore.Open(Folder, 2, _ => { }, disk.Restart(loss));
                RunFiles.RequireWhole(store.ResumeFrom(ResumeChoice.Auto));
                if (outcome == Outcome.Saved)
                    break;
            }
        });
    }

    [Fact]
    public void Save_FirstOneStoppedBeforeEveryStep_StartsAnew()
    {
        foreach (var loss in Enum.GetValues<Loss>())
        {
            for (var stop = 0; ; stop++)
            {
                var disk = new FakeDisk { StopAt = stop };
                var outcome = Try(() => CheckpointStore.Open(Folder, 2, _ => { }, disk).Save(10, RunFiles.Parts(10)));
                using var store = CheckpointStore.Open(Folder, 2, _ => { }, disk.Restart(loss));
                var found = store.ResumeFrom(ResumeChoice.Auto);
                if (found is not null || outcome == Outcome.Saved)
                    RunFiles.RequireWhole(found);
                RunFiles.RequireWhole(store.Save(11, RunFiles.Parts(11)));
                if (outcome == Outcome.Saved)
                    break;
            }
        }
    }

    [Fact]
    public void Save_DiskFailsAtEveryStep_IsRefusedWithNumbersAndLeavesNothing()
    {
        var failures = 0;
        for (var step = 0; ; step++)
        {
            var disk = Prepared();
            List<string> told = [];
            using var store = CheckpointStore.Open(Folder, 2, told.Add, disk);
            disk.FailAt = disk.Steps + step;
            var error = Catch(() => store.Save(30, RunFiles.Parts(30)));
            if (error is null && told.Count == 0)
                break;
            failures++;
            disk.FailAt = null;
            var latest = store.ResumeFrom(ResumeChoice.Auto);
            RunFiles.RequireWhole(latest);
            if (error is not null)
                RequireFailure(disk, error, latest!);
            else
                latest!.Step.ShouldBe(30);
            RunFiles.RequireWhole(store.Save(40, RunFiles.Parts(40)));
        }
        failures.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Save_TooLittleRoom_IsRefusedBeforeAnythingIsWritten()
    {
        var disk = Prepared();
        using var store = CheckpointStore.Open(Folder, 2, _ => { }, disk);
        disk.Free = 111;
        var steps = disk.Steps;
        Should.Throw<ResourceException>(() => store.Save(30, RunFiles.Parts(30))).Message.ShouldBe(
            "/runs/a/checkpoint-30: the checkpoint needs about 112 bytes and the disk has 111 bytes free. Nothing was written. "
            + "The last checkpoint is whole: checkpoint-20. Free some space, or lower keep_last_n_checkpoints.");
        disk.Steps.ShouldBe(steps);
        disk.Free = 112;
        store.Save(30, RunFiles.Parts(30)).Step.ShouldBe(30);
    }

    private static void RequireFailure(FakeDisk disk, ResourceException error, StoredCheckpoint latest)
    {
        var isNamed = disk.FolderExists($"{Folder}/checkpoint-30");
        error.Message.ShouldContain("of about 112 bytes: No space left on device");
        error.Message.ShouldContain(isNamed ? "may not survive a power cut"
            : "Nothing of it was kept. The last checkpoint is whole: checkpoint-20.");
        latest.Step.ShouldBe(isNamed ? 30 : 20);
        disk.NamesIn(Folder).Count.ShouldBe(isNamed ? 4 : 3);
    }

    // Runs the work on a disk with two checkpoints, stopped before its first step, its second and so on, until it comes through.
    private static int EveryStop(Action<CheckpointStore> work, Loss loss, Action<FakeDisk, Outcome> check)
    {
        for (var stop = 0; ; stop++)
        {
            var disk = Prepared();
            var store = CheckpointStore.Open(Folder, 2, _ => { }, disk);
            disk.StopAt = disk.Steps + stop;
            var outcome = Try(() => work(store));
            check(disk.Restart(loss), outcome);
            if (outcome == Outcome.Saved)
                return stop;
        }
    }

    private static FakeDisk Prepared()
    {
        var disk = new FakeDisk();
        using var store = CheckpointStore.Open(Folder, 2, _ => { }, disk);
        store.Save(10, RunFiles.Parts(10));
        store.Save(20, RunFiles.Parts(20));
        return disk;
    }

    private static Outcome Try(Action work)
    {
        try
        {
            work();
            return Outcome.Saved;
        }
        catch (StoppedException)
        {
            return Outcome.Stopped;
        }
    }

    private static ResourceException? Catch(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (ResourceException error)
        {
            return error;
        }
    }
}
