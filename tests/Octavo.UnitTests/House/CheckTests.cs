using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.House;

/// <summary>What a system's checks.json says is there: tests, goldens, figures. Other projects of tests look for their own names.</summary>
public class CheckTests
{
    private const string Parity = "octavo parity golden/";

    private static readonly string[] _projects = ["Octavo.UnitTests", "Octavo.ParityTests", "Octavo.EndToEndTests"];

    private static readonly string[] _kinds = ["unit", "parity", "property", "end-to-end", "benchmark", "study", "manual"];

    public static TheoryData<string> Systems => [.. SystemChecks.Systems];

    [Theory]
    [MemberData(nameof(Systems))]
    public void Rows_OfASystem_AreWhole(string system)
    {
        var checks = SystemChecks.Of(system);
        checks.ShouldNotBeEmpty();
        checks.Select(check => check.Number).ShouldBeUnique();
        foreach (var check in checks)
        {
            check.Check.ShouldNotBeNullOrWhiteSpace(check.Number);
            check.Kind.ShouldBeOneOf(_kinds);
            // a figure without a proof is a claim, a proof without a figure was not looked at
            string.IsNullOrWhiteSpace(check.Figure).ShouldBe(check.Proof is null, check.Number);
        }
    }

    [Fact]
    public void Proofs_Tests_AreThere() => SystemChecks.Missing(typeof(CheckTests).Assembly).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Systems))]
    public void Proofs_OfASystem_AreTestsOrGoldens(string system)
    {
        foreach (var check in SystemChecks.Of(system))
        {
            foreach (var proof in check.Proofs)
            {
                if (proof.StartsWith(Parity, StringComparison.Ordinal))
                    File.Exists(Repository.At("golden", proof[Parity.Length..], "golden.json")).ShouldBeTrue($"{check.Number}: {proof}");
                else
                    _projects.ShouldContain(project => proof.StartsWith(project + ".", StringComparison.Ordinal), $"{check.Number}: {proof}");
            }
        }
    }

    // what a proven row names is part of the project, or golden/expected.json says that it lies beside it
    [Theory]
    [MemberData(nameof(Systems))]
    public void Goldens_OfAProvenRow_AreKnown(string system)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Repository.At("golden", "expected.json")));
        var beside = expected.RootElement.GetProperty("withGoldens").EnumerateArray().Select(name => name.GetString()!).ToList();
        foreach (var check in SystemChecks.Of(system).Where(check => check.Proof is not null))
        {
            check.Goldens.Where(name => !beside.Contains(name) && !File.Exists(Repository.At("golden", name, "golden.json")))
                .ShouldBeEmpty(check.Number);
        }
    }
}
