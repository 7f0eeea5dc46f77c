using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Evaluation.Verifiers.Ifeval;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Verdicts on one instruction per case, strict and loose.</summary>
internal sealed class IfevalRunner : GoldenRunner
{
    public override string Kind => "ifeval";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var (strict, loose) = (new CaseCheck("strict"), new CaseCheck("loose"));
        foreach (var entry in golden.Json("cases.json").EnumerateArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var (id, answer) = (entry.GetProperty("instruction_id").GetString()!, entry.GetProperty("response").GetString()!);
            CheckExact(id);
            var arguments = Arguments(entry.GetProperty("kwargs"));
            var label = $"{id} {CaseCheck.Quote(answer)}";
            Add(strict, label, IfevalChecks.Strict(id, arguments, answer), entry.GetProperty("strict"));
            Add(loose, label, IfevalChecks.Loose(id, arguments, answer), entry.GetProperty("loose"));
        }
        return [.. new[] { strict, loose }.Select(check => check.Outcome()).OfType<OutputCheck>()];
    }

    /// <exception cref="UnsupportedException">Its verdicts are approximate.</exception>
    internal static void CheckExact(string id)
    {
        if (IfevalChecks.Of(id).Approximation is { } approximation)
            throw new UnsupportedException($"{id} is approximate: {approximation}.");
    }

    internal static JsonObject Arguments(JsonElement arguments) => JsonObject.Create(arguments)!;

    internal static void Add(CaseCheck check, string label, bool actual, JsonElement expected) =>
        check.Add(actual == expected.GetBoolean(), () => $"{label}: {actual} instead of {expected}");
}
