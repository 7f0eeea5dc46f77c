using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Octavo.TestKit;

/// <summary>A row of a system's checks.json.</summary>
/// <param name="Number">The check's number.</param>
/// <param name="Check">What must hold.</param>
/// <param name="Kind">How it is shown.</param>
/// <param name="Needs">Without which it is skipped.</param>
/// <param name="Goldens">Folders of goldens that serve it.</param>
/// <param name="Proof">Names of tests and commands that prove it, joined by "; "; null until there are any.</param>
/// <param name="Figure">What was reached, with its unit; null until then.</param>
public sealed record SystemCheck(
    string Number, string Check, string Kind, IReadOnlyList<string> Needs, IReadOnlyList<string> Goldens, string? Proof, string? Figure)
{
    /// <summary>Each proof by itself.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Proofs => Proof?.Split("; ") ?? [];
}

/// <summary>What the systems must show, and the tests that show it.</summary>
public static class SystemChecks
{
    private static readonly JsonSerializerOptions _strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The systems that have a folder.</summary>
    public static IReadOnlyList<string> Systems { get; } =
        [.. Directory.GetDirectories(Repository.At("src", "Octavo.Systems")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>The rows of a system.</summary>
    /// <param name="system">Its folder's name.</param>
    public static IReadOnlyList<SystemCheck> Of(string system) =>
        JsonSerializer.Deserialize<List<SystemCheck>>(File.ReadAllBytes(Repository.At("src", "Octavo.Systems", system, "checks.json")), _strict)!;

    /// <summary>Proofs of any system that name a test of an assembly which it has not.</summary>
    /// <param name="tests">An assembly of tests; a proof of it begins with its name.</param>
    public static IReadOnlyList<string> Missing(Assembly tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var there = tests.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(IsTest).Select(method => $"{type.FullName}.{method.Name}")).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Systems.SelectMany(Of).SelectMany(check => check.Proofs.Select(proof => (check.Number, Proof: proof)))
                .Where(named => named.Proof.StartsWith(tests.GetName().Name + ".", StringComparison.Ordinal) && !there.Contains(named.Proof))
                .Select(named => $"{named.Number}: {named.Proof}"),
        ];
    }

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes().Any(attribute => attribute.GetType().FullName is "Xunit.FactAttribute" or "Xunit.TheoryAttribute");
}
