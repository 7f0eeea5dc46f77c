using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Checkpoints;

/// <summary>The store on the machine's own disk.</summary>
public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    private string Run => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_ReadBack_IsWholeAndNamed()
    {
        using var store = Open();
        store.Latest().ShouldBeNull();
        var saved = store.Save(7, RunFiles.Parts(7, 3 << 20));
        RunFiles.RequireWhole(saved, 3 << 20);
        RunFiles.RequireWhole(store.Latest(), 3 << 20);
        Directory.GetFiles(saved.Folder).Select(Path.GetFileName).Order().ShouldBe(
            ["manifest.json", "model.safetensors", "optimizer.safetensors", "trainer_state.json"]);
        saved.Folder.ShouldBe(Path.Combine(Run, "checkpoint-7"));
        Should.Throw<CheckpointException>(() => saved.PathOf("other")).Message.ShouldContain("It has model.safetensors");
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void Save_ManyWritesOfAllSizes_HashWhatWasWritten()
    {
        var random = new SeededRandom(3);
        List<byte> all = [];
        using var store = Open();
        var saved = store.Save(1, [new CheckpointPart("a", 0, stream =>
        {
            foreach (var size in (int[])[0, 1, 7, (1 << 20) - 9, 1, 1 << 20, (1 << 20) + 1, 5])
            {
                var bytes = new byte[size];
                Array.Fill(bytes, (byte)random.Next(256));
                stream.Write(bytes);
                all.AddRange(bytes);
                // writers of tensors count by it
                stream.Position.ShouldBe(all.Count);
            }
            stream.CanSeek.ShouldBeFalse();
        })]);
        saved.Read("a").ShouldBe(all);
        saved.FindDamage().ShouldBeNull();
    }

    [Fact]
    public void Save_KeepLast_DeletesOldOnesButNeverTheBest()
    {
        using var store = Open(keep: 2);
        for (var step = 1; step <= 6; step++)
            store.Save(step, RunFiles.Parts(step), isBest: step is 1 or 3);
        store.All().Select(checkpoint => checkpoint.Step).ShouldBe([3, 5, 6]);
        store.Save(9, RunFiles.Parts(9), isBest: true);
        store.All().Select(checkpoint => checkpoint.Step).ShouldBe([6, 9]);
    }

    [Fact]
    public void All_StepsOfDifferentLength_AreOrderedAsNumbers()
    {
        using var store = Open();
        foreach (var step in (long[])[100, 20, 3])
            store.Save(step, RunFiles.Parts(step));
        store.Latest()!.Step.ShouldBe(100);
        store.All().Select(checkpoint => checkpoint.Step).ShouldBe([3, 20, 100]);
    }

    [Theory]
    [InlineData("missing", "model.safetensors is missing")]
    [InlineData("short", "model.safetensors has 10 bytes instead of 64")]
    [InlineData("noManifest", "it has no manifest.json")]
    [InlineData("halfManifest", "its manifest.json cannot be read")]
    [InlineData("otherStep", "its manifest.json is of step 5")]
    [InlineData("outside", "its manifest.json names files outside of it")]
    [InlineData("format", "its manifest.json is of format 9; this program reads 1")]
    [InlineData("flipped", "model.safetensors is not what was written: its hash differs")]
    public void ResumeFrom_BrokenNewest_IsToldAndTheOneBeforeIsUsed(string damage, string said)
    {
        using var store = Open();
        store.Save(5, RunFiles.Parts(5));
        Damage(store.Save(6, RunFiles.Parts(6)).Folder, damage);
        RunFiles.RequireWhole(store.ResumeFrom(ResumeChoice.Auto));
        store.ResumeFrom(ResumeChoice.Auto)!.Step.ShouldBe(5);
        _told[0].ShouldContain($"checkpoint-6 is broken and not used: {said}");
        Should.Throw<CheckpointException>(() => store.ResumeFrom(new ResumeChoice(Path.Combine(Run, "checkpoint-6"))))
            .Message.ShouldContain(damage == "otherStep" ? "hash differs" : said);
        Directory.Exists(Path.Combine(Run, "checkpoint-6")).ShouldBeTrue();
        RunFiles.RequireWhole(store.Save(6, RunFiles.Parts(6)));
        store.ResumeFrom(ResumeChoice.Auto)!.Step.ShouldBe(6);
    }

    [Fact]
    public void ResumeFrom_NeverAndOlder_RefuseToMix()
    {
        using var store = Open();
        store.ResumeFrom(ResumeChoice.Never).ShouldBeNull();
        store.Save(5, RunFiles.Parts(5));
        store.Save(6, RunFiles.Parts(6));
        Should.Throw<ConfigException>(() => store.ResumeFrom(ResumeChoice.Never)).Message.ShouldContain("has checkpoint-5, checkpoint-6 already");
        Should.Throw<ConfigException>(() => store.ResumeFrom(new ResumeChoice(Path.Combine(Run, "checkpoint-5"))))
            .Message.ShouldContain("newer checkpoints (checkpoint-6)");
        store.ResumeFrom(new ResumeChoice(Path.Combine(Run, "checkpoint-6")))!.Step.ShouldBe(6);
        Should.Throw<CheckpointException>(() => store.ResumeFrom(new ResumeChoice(_folder.File("none")))).Message.ShouldContain("no manifest.json");
        using var other = CheckpointStore.Open(_folder.File("other"), null, _told.Add);
        other.ResumeFrom(new ResumeChoice(Path.Combine(Run, "checkpoint-5")))!.Step.ShouldBe(5);
    }

    [Fact]
    public void Open_ForeignFolder_IsRefusedAndUntouched()
    {
        Directory.CreateDirectory(Run);
        File.WriteAllText(Path.Combine(Run, "thesis.tex"), "x");
        Should.Throw<ConfigException>(Open).Message.ShouldContain("not a run's: it has thesis.tex in it");
        Directory.GetFileSystemEntries(Run).ShouldHaveSingleItem();
        Should.Throw<ConfigException>(() => CheckpointStore.Open(Path.Combine(Run, "thesis.tex"), null, _told.Add))
            .Message.ShouldContain("is a file");
    }

    [Fact]
    public void Open_Leftovers_AreClearedAndOtherFilesStay()
    {
        using (var store = Open())
            store.Save(5, RunFiles.Parts(5));
        Directory.CreateDirectory(Path.Combine(Run, "checkpoint-6.incomplete", "inside"));
        Directory.CreateDirectory(Path.Combine(Run, "mine.incomplete"));
        Directory.Move(Path.Combine(Run, "checkpoint-5"), Path.Combine(Run, "checkpoint-5.replaced"));
        using var again = Open();
        Directory.GetFileSystemEntries(Run).Select(Path.GetFileName).Order().ShouldBe(["checkpoint-5", "mine.incomplete", "run.lock"]);
        RunFiles.RequireWhole(again.Latest());
        _told.ShouldHaveSingleItem().ShouldContain("checkpoint-6.incomplete was left by a run that was stopped");
    }

    [Fact]
    public void Open_WhileAnotherWrites_IsRefusedByProcess()
    {
        using (Open())
            Should.Throw<ConfigException>(Open).Message
                .ShouldContain($"another run (process {Environment.ProcessId} on {Environment.MachineName}) is writing to it");
        using (Open())
            _told.ShouldBeEmpty();
        File.WriteAllText(Path.Combine(Run, CheckpointStore.LockName), "process 1 on x");
        using (Open())
            _told.ShouldHaveSingleItem().ShouldContain("process 1 on x wrote here and did not end well; its lock is taken over");
    }

    [Fact]
    public void Save_WriterThrows_LeavesNothingAndItsError()
    {
        using var store = Open();
        store.Save(5, RunFiles.Parts(5));
        var failing = new CheckpointPart("x", 0, _ => throw new InvalidOperationException("mine"));
        Should.Throw<InvalidOperationException>(() => store.Save(6, [.. RunFiles.Parts(6), failing])).Message.ShouldBe("mine");
        Directory.GetFileSystemEntries(Run).Select(Path.GetFileName).Order().ShouldBe(["checkpoint-5", "run.lock"]);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("MODEL.safetensors")]
    public void Save_BadName_IsRefused(string name)
    {
        using var store = Open();
        Should.Throw<ArgumentException>(() => store.Save(1, [.. RunFiles.Parts(1), CheckpointPart.Of(name, [1])]));
    }

    private CheckpointStore Open() => Open(null);

    private CheckpointStore Open(int? keep) => CheckpointStore.Open(Run, keep, _told.Add);

    private static void Damage(string folder, string how)
    {
        var (model, manifest) = (Path.Combine(folder, "model.safetensors"), Path.Combine(folder, "manifest.json"));
        var json = File.ReadAllText(manifest);
        switch (how)
        {
            case "missing":
                File.Delete(model);
                break;
            case "short":
                File.WriteAllBytes(model, new byte[10]);
                break;
            case "flipped":
                File.WriteAllBytes(model, new byte[64]);
                break;
            case "noManifest":
                File.Delete(manifest);
                break;
            case "halfManifest":
                File.WriteAllText(manifest, json[..(json.Length / 2)]);
                break;
            case "otherStep":
                File.WriteAllBytes(model, new byte[64]);
                File.WriteAllText(manifest, json.Replace("\"step\": 6", "\"step\": 5", StringComparison.Ordinal));
                break;
            case "outside":
                File.WriteAllText(manifest, json.Replace("model.safetensors", "../x", StringComparison.Ordinal));
                break;
            default:
                File.WriteAllText(manifest, json.Replace("\"format\": 1", "\"format\": 9", StringComparison.Ordinal));
                break;
        }
    }
}
