using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

public class QuantGoldenTests
{
    public static TheoryData<TensorType> Types =>
    [
        TensorType.BF16, TensorType.F16, TensorType.IQ4_NL, TensorType.IQ4_XS, TensorType.MXFP4, TensorType.Q2_K, TensorType.Q3_K,
        TensorType.Q4_0, TensorType.Q4_1, TensorType.Q4_K, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q5_K, TensorType.Q6_K,
        TensorType.Q8_0, TensorType.TQ1_0, TensorType.TQ2_0,
    ];

    [Theory, MemberData(nameof(Types))]
    public void ToFloat_GoldenBlocks_GivesEveryBit(TensorType type)
    {
        using var golden = SafetensorsSource.Open(Path.Combine(GoldenFolder.Find($"gguf/quants/{type}"), "io.safetensors"));
        var bytes = golden.Read<long>("in.bytes").Select(b => (byte)b).ToArray();
        var expected = golden.Read<float>("out.values");
        var actual = new float[expected.Length];

        Dequantizer.ToFloat(type, bytes, actual);

        for (var i = 0; i < expected.Length; i++)
            BitConverter.SingleToInt32Bits(actual[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{type} number {i}");
    }
}
