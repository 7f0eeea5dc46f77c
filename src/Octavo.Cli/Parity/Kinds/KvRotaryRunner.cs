using System.Globalization;
using Octavo.Core;
using Octavo.Engine.Running;
using Octavo.Models;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Keys that were rotated for their positions and are moved to others.</summary>
internal sealed class KvRotaryRunner : GoldenRunner
{
    private const string Moved = "keys_moved.";

    public override string Kind => "kv.rope";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        var headDim = golden.Option("head_dim").GetInt32();
        var rotary = new Rotary(headDim, Pairing.Halves, golden.Option("theta").GetDouble());
        var probe = new RotaryProbe(new LoweredRotary(rotary, new RotaryFactors([], [])), Pairing.Halves, headDim, context.Engine);
        var positions = tensors.Wholes("in.positions");
        var keys = probe.Rotate(tensors.Floats("in.pre_rope_keys"), positions);
        return [.. golden.Outputs.Select(output => OutputCheck.Numbers(output.Key, Actual(output.Key), tensors.Floats("out." + output.Key), output.Value))];

        float[] Actual(string name) => name switch
        {
            "keys" => keys,
            _ when name.StartsWith(Moved, StringComparison.Ordinal) => probe.Move(keys, positions, int.Parse(name[Moved.Length..], CultureInfo.InvariantCulture)),
            _ => throw new UnsupportedException($"the output '{name}' of moved keys is not supported yet."),
        };
    }
}
