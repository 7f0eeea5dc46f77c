using System.Diagnostics;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

public class StartTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    public void Start_VersionAndHelp_NeedNothingButTheProgramItself(string option)
    {
        // Without the parser, the engine and their packages beside it, anything that loads them fails.
        using var folder = new TemporaryFolder();
        var published = Path.GetDirectoryName(OctavoProgram.Path)!;
        foreach (var name in (string[])["octavo.dll", "octavo.runtimeconfig.json"])
            File.Copy(Path.Combine(published, name), folder.File(name));
        var result = OctavoProgram.Finish(OctavoProgram.Start("dotnet", [folder.File("octavo.dll"), option]));
        result.Error.ShouldBeEmpty();
        result.Exit.ShouldBe(0);
        result.Out.ShouldContain("octavo");
    }

    [Fact(Explicit = true)]
    [Trait("Long", "start")]
    public void Start_VersionAndHelp_TakeLessThan150Milliseconds()
    {
        foreach (var option in (string[])["--version", "--help"])
        {
            var times = Enumerable.Range(0, 9).Select(_ =>
            {
                var started = Stopwatch.GetTimestamp();
                OctavoProgram.Finish(OctavoProgram.Start(Repository.At("octavo"), [option])).Exit.ShouldBe(0);
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }).Order().ToList();
            times[4].ShouldBeLessThan(150, option);
        }
    }

    [Fact]
    public void Launcher_FromElsewhereThroughALink_RunsTheProgram()
    {
        if (!File.Exists(Repository.At("artifacts", "octavo", "current", "octavo.dll")))
            Assert.Skip("./octavo has not built yet; ./test does that first.");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("linked"), Repository.At("octavo"));
        var result = OctavoProgram.Finish(OctavoProgram.Start(folder.File("linked"), ["--version"], folder.Path));
        result.Exit.ShouldBe(0, result.Error);
        result.Out.ShouldStartWith("octavo ");
    }

    [Fact]
    public void Setup_ShowSdk_PrintsTheLinesThatInstallIt()
    {
        var result = OctavoProgram.Finish(OctavoProgram.Start(Repository.At("setup"), ["--show-sdk"]));
        result.Exit.ShouldBe(0);
        result.Out.ShouldContain("apt-get install -y dotnet-sdk-10.0");
        result.Out.ShouldContain("--channel 10.0");
    }

    [Fact]
    public void Test_UnknownOption_ExitsWithTwo() =>
        OctavoProgram.Finish(OctavoProgram.Start(Repository.At("test"), ["--fast"])).Exit.ShouldBe(2);
}
