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
        foreach (var entry in golden.Cases(context))
        {
            var (id, answer) = (entry.GetProperty("instruction_id").GetString()!, entry.GetProperty("response").GetString()!);
            CheckExact(id);
            var arguments = Arguments(entry.GetProperty("kwargs"));
            var label = $"{id} {CaseCheck.Quote(answer)}";
            strict.AddFlag(label, IfevalChecks.Strict(id, arguments, answer), entry.GetProperty("strict").GetBoolean());
            loose.AddFlag(label, IfevalChecks.Loose(id, arguments, answer), entry.GetProperty("loose").GetBoolean());
        }
        return CaseCheck.Outcomes(strict, loose);
    }

    /// <exception cref="UnsupportedException">Its verdicts are approximate.</exception>
    internal static void CheckExact(string id)
    {
        if (IfevalChecks.Of(id).Approximation is { } approximation)
            throw new UnsupportedException($"{id} is approximate: {approximation}.");
    }

    internal static JsonObject Arguments(JsonElement arguments) => JsonObject.Create(arguments)!;
}
