using System.Text.Json;
using System.Xml.Linq;
using Octavo.Core;
using Octavo.Nn.Native;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Nn.Native;

public class FetchTests
{
    [Fact]
    public void Require_MoreThanIsFree_IsRefusedWithTheNumbers()
    {
        using var folder = new TemporaryFolder();
        var asked = "";
        var disk = new FreeDisk(path => { asked = path; return 300_000_000; });
        var error = Should.Throw<ResourceException>(() => disk.Require(folder.File("not/yet/there"), 754_000_000, "Fetching libtorch"));
        error.Message.ShouldStartWith("Fetching libtorch needs 754 MB of free disk under ");
        error.Message.ShouldContain("300 MB are free. Free 454 MB more");
        asked.ShouldBe(folder.Path);
        disk.Require(folder.Path, 300_000_000, "Fetching libtorch");
    }

    [Theory]
    [InlineData("error NU1301: Unable to load the service index", typeof(ResourceException), "./setup --training")]
    [InlineData("error NU1403: Package content hash validation failed", typeof(InputFileException), "NU1403")]
    [InlineData("error : No space left on device", typeof(ResourceException), "Free about 1 GB")]
    [InlineData("error MSB4018: something else", typeof(ResourceException), "MSB4018: something else")]
    public void Failure_OfARestore_SaysWhatToDo(string said, Type type, string advice)
    {
        var error = RestoreFailure.From($"  Determining projects to restore...\n{said}\n");
        error.ShouldBeOfType(type);
        error.Message.ShouldContain(advice);
    }

    [Fact]
    public void Versions_OfTheProgram_AreThoseOfTheRestoredProject()
    {
        var project = XDocument.Load(Repository.At("eng", "native", "native.csproj"));
        project.Descendants("PackageReference").Select(item => (item.Attribute("Include")!.Value, item.Attribute("Version")!.Value))
            .ShouldBe([(Pinned.LibtorchPackage, $"[{Pinned.Libtorch}]"), ("TorchSharp", $"[{Pinned.TorchSharp}]")]);
        using var locked = JsonDocument.Parse(File.ReadAllBytes(Repository.At("eng", "native", "packages.lock.json")));
        locked.RootElement.GetProperty("dependencies").GetProperty($"net10.0/{Pinned.Platform}").EnumerateObject().Select(item => item.Name)
            .ShouldBe([Pinned.LibtorchPackage, "TorchSharp"], "nothing else may be fetched");
    }

    [Fact]
    public void Places_OfSystemsThatNeedTheFixAndThatDoNot_Differ()
    {
        var places = new Places("/root/octavo");
        places.Libtorch(true).ShouldNotBe(places.Libtorch(false));
        places.Wrapper(true).ShouldNotBe(places.Wrapper(false));
    }
}
