using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Verbs;
using Shouldly;

namespace Octavo.UnitTests.Cli;

/// <summary>What holds for every verb.</summary>
public class VerbContractTests
{
    public static TheoryData<string> Names => [.. VerbList.All.Select(verb => verb.Name)];

    private static VerbEntry Entry(string name) => VerbList.All.Single(verb => verb.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_OfAVerb_ShowsEveryOptionAndAnExample(string name)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(name, "--help").ShouldBe(0);
        terminal.Error.ShouldBeEmpty();
        terminal.Out.ShouldStartWith(Entry(name).Summary);
        foreach (var symbol in Entry(name).Create().Symbols)
        {
            terminal.Out.ShouldContain(symbol.Name);
            symbol.Description.ShouldNotBeNullOrWhiteSpace();
        }
        terminal.Out.ShouldContain("Example");
        terminal.Out.ShouldContain(Entry(name).Examples[0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_OfAVerb_AreAccepted(string name)
    {
        foreach (var example in Entry(name).Examples)
        {
            var command = example[example.IndexOf($"octavo {name}", StringComparison.Ordinal)..].Split('#', '<')[0];
            var args = System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(command).Skip(1).ToArray();
            VerbRunner.Parse(Entry(name), Entry(name).Create(), args).Errors.ShouldBeEmpty(example);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Option_Unknown_IsRefusedByNameWithTheNearest(string name)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(name, "--jsom").ShouldBe(2);
        terminal.Out.ShouldBeEmpty();
        terminal.Error.ShouldContain("'--jsom' is not an option");
        terminal.Error.ShouldContain("Did you mean '--json'?");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Json_EveryVerb_HasIt(string name) => Entry(name).Create().Symbols.Select(symbol => symbol.Name).ShouldContain("--json");

    [Theory]
    [MemberData(nameof(Names))]
    public void Device_WhereThereIsOne_OnlyCpu(string name)
    {
        if (Entry(name).Create().Symbols.All(symbol => symbol.Name != "--device"))
            return;
        using var terminal = new FakeTerminal("hi");
        string[] needed = name switch
        {
            "parity" => ["."],
            "logits" => ["--ids", "1"],
            _ => [],
        };
        terminal.Run([name, .. needed, "--device", "cuda"]).ShouldBe(6);
        terminal.Error.ShouldContain("'cuda'");
        terminal.Error.ShouldContain("cpu");
    }

    [Fact]
    public void Names_OfVerbs_AreUniqueAndInHelp()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("--help").ShouldBe(0);
        Names.Count.ShouldBe(VerbList.All.Select(verb => verb.Name).Distinct().Count());
        foreach (var verb in VerbList.All)
            terminal.Out.ShouldContain($"  {verb.Name,-10} {verb.Summary}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_OfAVerb_AreNamedOnce(string name)
    {
        var names = Entry(name).Create().Symbols.OfType<Option>().SelectMany(option => option.Aliases.Append(option.Name)).ToList();
        names.Distinct().Count().ShouldBe(names.Count);
    }
}
