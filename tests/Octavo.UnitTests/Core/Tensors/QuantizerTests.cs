using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

public class QuantizerTests
{
    public static TheoryData<TensorType> Golden =>
    [
        TensorType.F16, TensorType.BF16, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q8_0,
        TensorType.MXFP4, TensorType.TQ1_0, TensorType.TQ2_0,
    ];

    public static TheoryData<TensorType> Every => [.. Enum.GetValues<TensorType>()];

    [Theory, MemberData(nameof(Golden))]
    public void FromFloat_GoldenValues_GivesEveryByte(TensorType type)
    {
        using var golden = SafetensorsSource.Open(Path.Combine(GoldenFolder.Find($"gguf/quants/{type}"), "io.safetensors"));
        var expected = golden.Read<long>("out.bytes").Select(b => (byte)b).ToArray();
        var actual = new byte[expected.Length];

        Quantizer.FromFloat(type, golden.Read<float>("in.values"), actual);

        actual.ShouldBe(expected);
    }

    [Theory, MemberData(nameof(Every))]
    public void FromFloat_EveryType_RoundTripsOrIsRefusedByName(TensorType type)
    {
        var values = Enumerable.Range(0, 256).Select(i => (i % 3) - 1f).ToArray();
        if (!Quantizer.Supports(type))
        {
            Should.Throw<UnsupportedException>(() => Quantizer.FromFloat(type, values, new byte[256])).Message.ShouldContain($"{type};");
            return;
        }
        var bytes = new byte[type.ByteLength(values.Length)];
        Quantizer.FromFloat(type, values, bytes);
        var back = new float[values.Length];
        Dequantizer.ToFloat(type, bytes, back);
        // Half a step of the codes over [-1, 1], a whole one where the range is uneven; the others hold −1, 0 and 1 exactly.
        var step = type switch
        {
            TensorType.Q4_0 => 1 / 8f,
            TensorType.Q5_0 => 1 / 16f,
            TensorType.Q4_1 => 1 / 14.9f,
            TensorType.Q5_1 => 1 / 30.9f,
            TensorType.Q8_0 => 1 / 2_000f,
            TensorType.Q4_K => 1 / 14f,
            TensorType.Q6_K => 1 / 60f,
            _ => 0,
        };
        for (var i = 0; i < values.Length; i++)
            back[i].ShouldBe(values[i], step);
    }

    [Theory]
    [InlineData(TensorType.F16, 65_504f, true)]
    [InlineData(TensorType.F16, 65_520f, false)]
    [InlineData(TensorType.F16, float.NegativeInfinity, true)]
    [InlineData(TensorType.F16, float.NaN, true)]
    [InlineData(TensorType.BF16, 3.38e38f, true)]
    [InlineData(TensorType.BF16, float.MaxValue, false)]
    [InlineData(TensorType.BF16, float.NaN, true)]
    [InlineData(TensorType.Q8_0, 65_504f * 127, true)]
    [InlineData(TensorType.Q8_0, 65_520f * 127, false)]
    [InlineData(TensorType.Q8_0, float.NaN, false)]
    [InlineData(TensorType.Q4_0, float.PositiveInfinity, false)]
    [InlineData(TensorType.TQ2_0, 65_520f, false)]
    public void FromFloat_NumberAtTheEdge_FitsOrIsRefused(TensorType type, float number, bool fits)
    {
        var values = new float[256];
        values[77] = number;
        var bytes = new byte[type.ByteLength(values.Length)];
        if (!fits)
        {
            Should.Throw<InputFileException>(() => Quantizer.FromFloat(type, values, bytes));
            return;
        }
        Quantizer.FromFloat(type, values, bytes);
        Dequantizer.ToFloat(type, bytes, values);
        if (float.IsFinite(number))
            values[77].ShouldBe(number, MathF.Abs(number) / 250);
        else
            values[77].ShouldBe(number);
    }

    [Fact]
    public void FromFloat_WrongLengths_AreRefused()
    {
        Should.Throw<ShapeException>(() => Quantizer.FromFloat(TensorType.Q8_0, new float[31], new byte[34]));
        Should.Throw<ShapeException>(() => Quantizer.FromFloat(TensorType.Q8_0, new float[32], new byte[33]));
        Should.Throw<ShapeException>(() => Quantizer.FromFloat(TensorType.F32, new float[32], new byte[129]));
    }
}
