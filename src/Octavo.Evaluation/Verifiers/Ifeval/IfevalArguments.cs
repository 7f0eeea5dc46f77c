using System.Text.Json.Nodes;
using Octavo.Core;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>
/// The arguments of one instruction. Those that are null, 0 or empty count as missing, as the paper's code has it; it then draws them at
/// random, which is refused here.
/// </summary>
/// <param name="id">The instruction.</param>
/// <param name="values">Its arguments.</param>
internal sealed class IfevalArguments(string id, JsonObject values)
{
    public string Text(string name) => Read(name, node => (string?)node) is { Length: > 0 } text ? text : throw Missing(name);

    public int Whole(string name) => Read(name, node => (int?)node) is { } number and not 0 ? number : throw Missing(name);

    public IReadOnlyList<string> Texts(string name) =>
        Read(name, node => node?.AsArray().Select(item => (string)item!).ToList()) is { Count: > 0 } texts ? texts : throw Missing(name);

    /// <summary>Compares a count by the relation in <paramref name="relation"/>.</summary>
    public bool Compare(int count, string threshold, string relation) => Text(relation) switch
    {
        "less than" => count < Whole(threshold),
        "at least" => count >= Whole(threshold),
        var other => throw new InputFileException($"{id}: the relation is '{other}'; it has to be 'less than' or 'at least'."),
    };

    private T? Read<T>(string name, Func<JsonNode?, T?> read)
    {
        try
        {
            return read(values[name]);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new InputFileException($"{id}: the argument '{name}' has another type: {values[name]?.ToJsonString()}.", error);
        }
    }

    private InputFileException Missing(string name) => new(
        $"{id}: the argument '{name}' is missing, 0 or empty; the reference would draw one at random, so no verdict could be repeated. Give it.");
}
