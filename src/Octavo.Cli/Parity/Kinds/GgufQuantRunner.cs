using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A stored type: bytes to numbers, and numbers to bytes where a writer exists.</summary>
internal sealed class GgufQuantRunner : GoldenRunner
{
    public override string Kind => "gguf-quant";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        if (!Enum.TryParse<TensorType>(golden.Architecture, out var type) || !Dequantizer.Supports(type))
            throw new UnsupportedException($"the tensor type '{golden.Architecture}' cannot be read yet.");
        using var tensors = new GoldenTensors(golden);
        List<OutputCheck> checks = [];
        foreach (var (name, tolerance) in golden.Outputs)
        {
            checks.Add(name switch
            {
                "values" => OutputCheck.Numbers(name, Read(type, tensors), tensors.Floats("out.values"), tolerance),
                "bytes" => OutputCheck.Wholes(name, Write(type, tensors), tensors.Wholes("out.bytes")),
                _ => throw new UnsupportedException($"the output '{name}' of a tensor type is not supported yet."),
            });
        }
        return checks;
    }

    private static float[] Read(TensorType type, GoldenTensors tensors)
    {
        byte[] bytes = [.. tensors.Wholes("in.bytes").Select(number => checked((byte)number))];
        var values = new float[bytes.Length / type.BlockBytes() * type.BlockLength()];
        Dequantizer.ToFloat(type, bytes, values);
        return values;
    }

    private static int[] Write(TensorType type, GoldenTensors tensors)
    {
        if (!Quantizer.Supports(type))
            throw new UnsupportedException($"the tensor type '{type}' cannot be written yet.");
        var values = tensors.Floats("in.values");
        var bytes = new byte[type.ByteLength(values.Length)];
        Quantizer.FromFloat(type, values, bytes);
        return [.. bytes.Select(value => (int)value)];
    }
}
