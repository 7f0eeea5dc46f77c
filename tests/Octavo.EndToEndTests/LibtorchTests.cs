using System.Diagnostics;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

public class LibtorchTests
{
    [Theory]
    [InlineData("chat", "Count from one to a thousand.")]
    [InlineData("generate", "--prompt", "Once upon a time")]
    public void Verb_OfTheEngine_LoadsNothingOfTraining(params string[] args)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files of a process are read from /proc");
        using var process = OctavoProgram.Start("dotnet", [OctavoProgram.Path, .. args, "--max-tokens", "1000"]);
        try
        {
            // With a first letter of the answer the model is loaded and runs.
            process.StandardOutput.Read().ShouldBeGreaterThan(0);
            var loaded = LoadedFiles(process);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Join(' ', loaded));
            loaded.ShouldContain("Octavo.Engine.dll");
            loaded.Where(IsOfTraining).ShouldBeEmpty();
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [Fact]
    public async Task Fetch_ByTwoProcessesAtOnce_MakesOneWholeFolder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libtorch is fetched on Linux only");
        using var folder = new TemporaryFolder();
        var cancel = TestContext.Current.CancellationToken;
        var results = await Task.WhenAll(Task.Run(() => Doctor(folder.Path), cancel), Task.Run(() => Doctor(folder.Path), cancel));
        results.ShouldAllBe(result => result.Exit == 0, string.Join('\n', results.Select(result => result.Error)));
        var native = folder.File("octavo/native");
        var made = Directory.GetDirectories(native).ShouldHaveSingleItem();
        Directory.GetFiles(made).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(
            ["libLibTorchSharp.so", "libc10.so", "libgomp-98b21ff3.so.1", "libtorch.so", "libtorch_cpu.so"]);
        Doctor(folder.Path).Out.ShouldContain(made);
    }

    [Fact]
    public void Fetch_OfAnOwnLibtorchThatIsNone_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var result = Doctor(folder.Path, ("OCTAVO_LIBTORCH", folder.Path));
        result.Exit.ShouldBe(OperatingSystem.IsLinux() ? 2 : 6);
        result.Error.ShouldContain(OperatingSystem.IsLinux() ? "which is no libtorch" : "linux-x64");
    }

    private static bool IsOfTraining(string file) =>
        file.Contains("torch", StringComparison.OrdinalIgnoreCase) || file is "Octavo.Nn.dll" or "Octavo.Training.dll" or "Octavo.Evaluation.dll";

    private static ProgramResult Doctor(string cache, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [OctavoProgram.Path, "doctor", "--fetch", "--json"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["XDG_CACHE_HOME"] = cache;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return OctavoProgram.Finish(Process.Start(start)!);
    }

    private static List<string> LoadedFiles(Process process) =>
        [.. File.ReadLines($"/proc/{process.Id}/maps").Where(line => line.Contains('/')).Select(line => Path.GetFileName(line))
            .Distinct().Order(StringComparer.Ordinal)];
}
