using System.Text;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Octavo.Training.Runs.TensorBoard;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

public class EventFileTests
{
    [Fact]
    public void Crc_OfPublishedVectors_IsTheirs()
    {
        // RFC 3720, B.4, and the check value of the CRC catalogues
        EventReader.Crc32C(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283);
        EventReader.Crc32C(new byte[32]).ShouldBe(0x8A9136AAu);
        foreach (var length in new[] { 0, 1, 7, 8, 9, 32, 100 })
        {
            var data = Enumerable.Range(0, length).Select(i => (byte)(i * 37)).ToArray();
            var crc = EventReader.Crc32C(data);
            MaskedCrc32C.Of(data).ShouldBe(((crc >> 15) | (crc << 17)) + 0xa282ead8);
        }
    }

    [Fact]
    public void Write_ARunAndItsResumption_IndependentReaderFindsAll()
    {
        using var folder = new TemporaryFolder();
        using (var log = RunLog.Create(folder.Path, SampleRuns.Info()))
        {
            log.Log(1, 10, [(RunTags.Loss, 2.5), ("größe/λ", double.NaN)]);
            log.Log(300_000_000_000, 20, [(RunTags.Loss, 1e-3)]);
        }
        using (var log = RunLog.Resume(folder.Path, SampleRuns.Info(), 1))
        {
            log.Log(2, 20, [(RunTags.Loss, 2.25)]);
            log.Finish(RunStatus.Done);
        }
        var files = Directory.GetFiles(folder.Path, "events.out.tfevents.*").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        files.Count.ShouldBe(2);
        var first = EventReader.Read(files[0]);
        first.Select(one => one.Step).ShouldBe([0, 1, 300_000_000_000]);
        first[0].FileVersion.ShouldBe("brain.Event:2");
        first[1].Values.ShouldBe([(RunTags.Loss, 2.5f), ("größe/λ", float.NaN)]);
        first[2].Values.ShouldBe([(RunTags.Loss, 1e-3f)]);
        first[1].WallTime.ShouldBe((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds, 600);
        var second = EventReader.Read(files[1]);
        // START at a step makes TensorBoard forget what earlier files say of that step and later ones
        second.Select(one => (one.Step, one.SessionStatus)).ShouldBe([(0, null), (2, 1), (2, null)]);
        second[2].Values.ShouldBe([(RunTags.Loss, 2.25f)]);
    }

    [Fact]
    public void Write_WithoutEvents_LeavesNoFileAndHasEveryPoint()
    {
        using var folder = new TemporaryFolder();
        using (var log = RunLog.Create(folder.Path, SampleRuns.Info(), writesEvents: false))
            SampleRuns.Fill(log, 0, 3);
        using (var log = RunLog.Resume(folder.Path, SampleRuns.Info(), 3, writesEvents: false))
        {
            SampleRuns.Fill(log, 3, 5);
            log.Finish(RunStatus.Done);
        }
        Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).ShouldBe([RunDatabase.FileName]);
        using var run = new RunReader(folder.Path);
        run.Series(RunTags.Loss).Count.ShouldBe(5);
    }
}
