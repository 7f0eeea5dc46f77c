using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.Cli.Verbs;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.House;

/// <summary>What the documents say is there: links, samples, systems, verbs, figures.</summary>
public partial class DocumentTests
{
    private const int ReadmeLines = 150;

    private static string Readme => File.ReadAllText(Repository.At("README.md"));

    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.At("src", "Octavo.Systems"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path)),
    ];

    [Fact]
    public void Readme_Lines_AtMost150() => Readme.Split('\n').Length.ShouldBeLessThanOrEqualTo(ReadmeLines);

    [Fact]
    public void Readme_FirstTable_IsTheSystems()
    {
        var rows = Readme.Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2).ToList();
        rows.ShouldBe(Octavo.Cli.Systems.All.Select(system =>
            $"| **{system.Name}**: {system.Paper} | `{system.Command}` | {system.State} | {system.Evidence} |"));
    }

    [Fact]
    public void Readme_Figures_AreThoseOfTheFile()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.At("docs", "figures.json")));
        foreach (var figure in document.RootElement.GetProperty("figures").EnumerateArray())
        {
            figure.GetProperty("command").GetString().ShouldNotBeNullOrWhiteSpace();
            Readme.ShouldContain($"| {figure.GetProperty("what").GetString()} | {figure.GetProperty("value").GetString()} |");
        }
        var rows = FigureRow().Count(Readme[Readme.IndexOf("## Figures", StringComparison.Ordinal)..]);
        rows.ShouldBe(document.RootElement.GetProperty("figures").GetArrayLength() + 1);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_LeadSomewhere(string name)
    {
        var folder = Path.GetDirectoryName(Repository.At(name))!;
        var missing = Link().Matches(File.ReadAllText(Repository.At(name))).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#') && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target.Split('#')[0])));
        missing.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void CSharp_OfADocument_IsASample(string name)
    {
        var samples = Directory.EnumerateFiles(Repository.At("samples"), "*.cs", SearchOption.AllDirectories).Select(path => File.ReadAllText(path).Trim()).ToList();
        foreach (Match block in CSharpBlock().Matches(File.ReadAllText(Repository.At(name))))
            samples.ShouldContain(block.Groups[1].Value.Trim());
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_OfADocument_NameVerbsThatAreThere(string name)
    {
        var coming = Octavo.Cli.Systems.All.Select(system => system.Command.Split(' ')[1]);
        var known = VerbList.All.Select(verb => verb.Name).Concat(coming).ToList();
        Command().Matches(File.ReadAllText(Repository.At(name))).Select(match => match.Groups[1].Value).Except(known).ShouldBeEmpty();
    }

    [Fact]
    public void Sample_Chat_AtMost12Lines() => File.ReadAllLines(Repository.At("samples", "Chat", "Program.cs")).Length.ShouldBeLessThanOrEqualTo(12);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    // a command in a code span or block; 'pull' is named where it is said to be missing
    [GeneratedRegex(@"(?:\./octavo|[`$ ]octavo) (?!VERB|pull)([a-z]+)(?=[ `\n])")]
    private static partial Regex Command();

    [GeneratedRegex(@"^\| .* \| .* \|$", RegexOptions.Multiline)]
    private static partial Regex FigureRow();
}
