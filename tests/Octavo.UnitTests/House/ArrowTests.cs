using System.Reflection;
using System.Text.Json;
using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Models;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.House;

/// <summary>Projects know only what stands above them, and those that go to other people's programs take nothing native.</summary>
public class ArrowTests
{
    private static readonly Dictionary<string, string[]> _above = new()
    {
        ["Octavo.Core"] = [],
        ["Octavo.Models"] = ["Octavo.Core"],
        ["Octavo.Engine"] = ["Octavo.Core", "Octavo.Models"],
        ["Octavo.Nn"] = ["Octavo.Core", "Octavo.Models"],
        ["Octavo.Evaluation"] = ["Octavo.Core", "Octavo.Models", "Octavo.Engine"],
        ["Octavo.Training"] = ["Octavo.Core", "Octavo.Models", "Octavo.Engine", "Octavo.Nn", "Octavo.Evaluation"],
        ["Octavo.Systems"] = ["Octavo.Core", "Octavo.Models", "Octavo.Engine", "Octavo.Nn", "Octavo.Evaluation", "Octavo.Training"],
        ["octavo"] = ["Octavo.Core", "Octavo.Models", "Octavo.Engine", "Octavo.Nn", "Octavo.Evaluation", "Octavo.Training", "Octavo.Systems"],
    };

    // Microsoft.Extensions.AI: the abstractions only. The analyzers are not shipped.
    private static readonly string[] _packages =
    [
        "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.CodeAnalysis.PublicApiAnalyzers", "Microsoft.NET.ILLink.Tasks",
    ];

    public static TheoryData<string> Assemblies => [.. _above.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void References_OfAnAssembly_PointUpOnly(string name) =>
        Load(name).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("Octavo", StringComparison.OrdinalIgnoreCase))
            .Except(_above[name]).ShouldBeEmpty();

    [Theory]
    [InlineData("Octavo.Core")]
    [InlineData("Octavo.Models")]
    [InlineData("Octavo.Engine")]
    public void Packages_OfALibrary_AreTheAllowedOnes(string name)
    {
        using var locked = JsonDocument.Parse(File.ReadAllBytes(Repository.At("src", name, "packages.lock.json")));
        var packages = locked.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => package.Name);
        packages.Except(_packages, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
    }

    [Fact]
    public void Projects_UnderSrc_AreAllKnownHere() =>
        Directory.GetFiles(Repository.At("src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path))
            .ShouldBe([.. _above.Keys.Select(name => name == "octavo" ? "Octavo.Cli" : name)], ignoreOrder: true);

    [Fact]
    public void Folders_UnderSrc_AreProjects() =>
        Directory.GetDirectories(Repository.At("src")).Where(folder => Directory.GetFiles(folder, "*.csproj").Length != 1).ShouldBeEmpty();

    [Fact]
    public void Folders_OfSystems_HaveAReadmeAndChecks()
    {
        foreach (var system in Directory.GetDirectories(Repository.At("src", "Octavo.Systems")))
        {
            string[] missing = [.. new[] { "README.md", "checks.json" }.Where(name => !File.Exists(Path.Combine(system, name)))];
            missing.ShouldBeEmpty(system);
        }
    }

    private static Assembly Load(string name) => name switch
    {
        "Octavo.Core" => typeof(TensorType).Assembly,
        "Octavo.Models" => typeof(Checkpoint).Assembly,
        "Octavo.Engine" => typeof(LanguageModel).Assembly,
        "octavo" => typeof(Octavo.Cli.Verbs.VerbList).Assembly,
        _ => Assembly.Load(name),
    };
}
