using System.Globalization;
using Octavo.Cli.Parity;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.ParityTests;

/// <summary>One loop over the goldens, through the same runners as <c>octavo parity</c>.</summary>
public class GoldenTests
{
    private static readonly ParityContext _context = new(new EngineOptions { Exact = true, Threads = 2 }, CancellationToken.None) { WithTraining = true };

    public static TheoryData<string> Always => [.. GoldenFolders.Always];

    public static TheoryData<string> WithModels => [.. GoldenFolders.WithModels];

    public static TheoryData<string> WithGoldens => [.. GoldenFolders.WithGoldens];

    [Theory]
    [MemberData(nameof(Always))]
    public void Run_Expected_Holds(string name) => Describe(Run(Repository.At("golden", name))).ShouldBe("Passed");

    [Theory]
    [MemberData(nameof(WithModels))]
    public void Run_ExpectedWithModels_Holds(string name)
    {
        var result = Run(Repository.At("golden", name));
        if (result.Status == GoldenStatus.Missing)
            Assert.Skip(result.Message!);
        Describe(result).ShouldBe("Passed");
    }

    [Theory]
    [MemberData(nameof(WithGoldens))]
    public void Run_ExpectedWithGoldens_Holds(string name)
    {
        if (Repository.Outside("OCTAVO_GOLDENS") is not { } root)
            Assert.Skip("OCTAVO_GOLDENS is not set.");
        else
            Describe(Run(Path.Combine(root, name))).ShouldBe("Passed");
    }

    [Fact]
    public void Expected_EveryName_IsAGoldenHere() =>
        GoldenFolders.Always.Concat(GoldenFolders.WithModels).Except(GoldenFolders.All).ShouldBeEmpty();

    [Fact]
    public void Run_EveryOther_HoldsOrSaysWhatIsMissing()
    {
        var others = GoldenFolders.All.Except(GoldenFolders.Always).Except(GoldenFolders.WithModels).ToList();
        List<string> broken = [], forgotten = [];
        foreach (var name in others)
        {
            var result = Run(Repository.At("golden", name));
            if (result.Status == GoldenStatus.Failed)
                broken.Add($"{name}: {Describe(result)}");
            if (result.Status is GoldenStatus.Unsupported or GoldenStatus.Missing)
                result.Message.ShouldNotBeNullOrWhiteSpace(name);
            if (result.Status == GoldenStatus.Passed)
                forgotten.Add(name);
        }
        broken.ShouldBeEmpty();
        // What holds has to go on holding: golden/expected.json names it.
        forgotten.ShouldBeEmpty();
    }

    private static GoldenResult Run(string folder) => GoldenResult.Of(folder, _context);

    private static string Describe(GoldenResult result)
    {
        var wrong = result.Outputs.Where(output => !output.Holds)
            .Select(output => string.Create(CultureInfo.InvariantCulture, $"{output.Name}: {output.Error} > {output.Allowed} ({output.Detail})"));
        return string.Join("; ", [result.Status.ToString(), .. wrong, .. new[] { result.Message }.OfType<string>()]);
    }
}
