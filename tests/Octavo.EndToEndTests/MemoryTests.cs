using System.Globalization;
using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

/// <summary>`octavo estimate` beside the kernel's high-water mark of a process that does what was estimated.</summary>
public class MemoryTests
{
    private const double Tolerance = 0.1;

    public static TheoryData<string, string, string> Runs => new()
    {
        // the model, how it is estimated, how it is run
        { "bundled", "--context 192 --threads 2", "--depth 128 --tokens 63 --threads 2" },
        { "bundled", "--context 600 --kv q8 --threads 1", "--prompt 600 --kv q8 --threads 1" },
        { "bundled", "--context 600 --kv f32 --threads 2", "--prompt 600 --kv f32 --threads 2" },
        { "bundled", "--context 80 --batch 8", "--depth 64 --tokens 15 --batch 8" },
        { "bundled", "--context 128 --exact", "--prompt 128 --exact" },
        { "bundled", "--context 128 --no-mmap", "--prompt 128 --no-mmap" },
        { "mixtral", "--context 64", "--prompt 64" },
        { "gemma2", "--context 64 --batch 4", "--depth 40 --tokens 20 --batch 4" },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Estimate_OfABenchmark_IsWithinATenthOfItsPeak(string model, string estimate, string run)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel's high-water mark is read");
        var path = model == "bundled" ? Repository.BundledModel : Repository.At("golden", "decoders", model);
        var estimated = Estimated(path, estimate);
        var measured = Peak(["bench", "--model", path, .. run.Split(' '), "--repetitions", "1", "--no-probe"]);
        (Math.Abs(estimated - measured) / measured).ShouldBeLessThan(Tolerance, $"{estimated / 1e6:F1} MB estimated, {measured / 1e6:F1} MB measured");
    }

    [Fact]
    public void Estimate_OfAnAnswerToALongText_IsWithinATenthAndOfOtherSettingsIsNot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel's high-water mark is read");
        var text = File.ReadAllText(Repository.At("LICENSE"));
        var measured = Peak(["generate", "--max-tokens", "4"], text);
        (Math.Abs(Estimated(Repository.BundledModel, "--context 2219") - measured) / measured).ShouldBeLessThan(Tolerance);
        foreach (var other in (string[])["--context 2219 --kv f32", "--context 2219 --batch 2", "--context 2219 --no-mmap", "--context 64"])
            (Math.Abs(Estimated(Repository.BundledModel, other) - measured) / measured).ShouldBeGreaterThan(Tolerance, other);
    }

    private static double Estimated(string path, string options)
    {
        var result = OctavoProgram.Run(["estimate", path, .. options.Split(' '), "--json"]);
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        return json.RootElement.GetProperty("totalBytes").GetInt64();
    }

    private static double Peak(string[] args, string? input = null)
    {
        using var process = OctavoProgram.Start("dotnet", [OctavoProgram.Path, .. args]);
        var status = $"/proc/{process.Id}/status";
        using var ended = new CancellationTokenSource();
        // the mark never falls, so the last look before the end is the peak
        var watch = Task.Run(async () =>
        {
            double peak = 0;
            while (!ended.IsCancellationRequested)
            {
                peak = Math.Max(peak, Mark(status));
                await Task.Delay(20, CancellationToken.None);
            }
            return peak;
        });
        var result = OctavoProgram.Finish(process, input);
        ended.Cancel();
        result.Exit.ShouldBe(0, result.Error);
        return watch.GetAwaiter().GetResult();
    }

    private static double Mark(string status)
    {
        try
        {
            var line = File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024.0 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
