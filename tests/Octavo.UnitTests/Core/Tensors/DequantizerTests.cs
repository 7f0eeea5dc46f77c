using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

public class DequantizerTests
{
    public static TheoryData<TensorType> Every => [.. Enum.GetValues<TensorType>()];

    [Theory, MemberData(nameof(Every))]
    public void ToFloat_EveryType_IsSupportedOrRefusedByName(TensorType type)
    {
        var weights = type.ToString()[0] is not ('I' or 'U') || type.ToString().StartsWith("IQ", StringComparison.Ordinal);
        weights &= type is not (TensorType.Bool or TensorType.Q8_1 or TensorType.Q8_K);
        Dequantizer.Supports(type).ShouldBe(weights);
        var values = new float[type.BlockLength()];
        Array.Fill(values, 5);
        if (!weights)
        {
            Should.Throw<UnsupportedException>(() => Dequantizer.ToFloat(type, new byte[type.BlockBytes()], values))
                .Message.ShouldStartWith($"{type} ");
            return;
        }
        Dequantizer.ToFloat(type, new byte[type.BlockBytes()], values);
        if (type != TensorType.MXFP4)
            values.ShouldAllBe(v => v == 0);
        Should.Throw<ShapeException>(() => Dequantizer.ToFloat(type, new byte[type.BlockBytes() + 1], values));
        Should.Throw<ShapeException>(() => Dequantizer.ToFloat(type, new byte[type.BlockBytes() - 1], values));
    }

    [Theory]
    [InlineData(0x00, 0f)]
    [InlineData(0x01, 0.001953125f)]
    [InlineData(0x07, 0.013671875f)]
    [InlineData(0x08, 0.015625f)]
    [InlineData(0x38, 1f)]
    [InlineData(0x3C, 1.5f)]
    [InlineData(0x7E, 448f)]
    [InlineData(0xFE, -448f)]
    [InlineData(0x81, -0.001953125f)]
    [InlineData(0x80, -0f)]
    [InlineData(0x7F, float.NaN)]
    [InlineData(0xFF, float.NaN)]
    public void ToFloat_E4M3_GivesTheNumber(byte bits, float expected) => Check(TensorType.F8E4M3, [bits], expected);

    [Theory]
    [InlineData(0x00, 0f)]
    [InlineData(0x01, 1.52587890625e-05f)]
    [InlineData(0x04, 6.103515625e-05f)]
    [InlineData(0x3C, 1f)]
    [InlineData(0x7B, 57344f)]
    [InlineData(0xFB, -57344f)]
    [InlineData(0x7C, float.PositiveInfinity)]
    [InlineData(0xFC, float.NegativeInfinity)]
    [InlineData(0x80, -0f)]
    [InlineData(0x7D, float.NaN)]
    public void ToFloat_E5M2_GivesTheNumber(byte bits, float expected) => Check(TensorType.F8E5M2, [bits], expected);

    // From the definition: sign, exponent with bias 7, 3 bits of mantissa; no infinities, and one NaN of each sign.
    [Fact]
    public void ToFloat_E4M3_EveryCodeIsExact()
    {
        for (var code = 0; code < 256; code++)
        {
            var (sign, exponent, mantissa) = (code >= 128 ? -1.0 : 1.0, (code >> 3) & 15, code & 7);
            var expected = exponent == 15 && mantissa == 7 ? double.NaN
                : sign * (exponent == 0 ? mantissa / 8.0 * Math.Pow(2, -6) : (1 + (mantissa / 8.0)) * Math.Pow(2, exponent - 7));
            Check(TensorType.F8E4M3, [(byte)code], (float)expected);
        }
    }

    // From the definition: sign, exponent with bias 15, 2 bits of mantissa; the largest exponent is for infinities and NaN, as in IEEE 754.
    [Fact]
    public void ToFloat_E5M2_EveryCodeIsExact()
    {
        for (var code = 0; code < 256; code++)
        {
            var (sign, exponent, mantissa) = (code >= 128 ? -1.0 : 1.0, (code >> 2) & 31, code & 3);
            var expected = exponent == 31 ? mantissa == 0 ? sign * double.PositiveInfinity : double.NaN
                : sign * (exponent == 0 ? mantissa / 4.0 * Math.Pow(2, -14) : (1 + (mantissa / 4.0)) * Math.Pow(2, exponent - 15));
            Check(TensorType.F8E5M2, [(byte)code], (float)expected);
        }
    }

    [Theory]
    [InlineData(0.1, 0.1f)]
    [InlineData(-1e300, float.NegativeInfinity)]
    [InlineData(1e-46, 0f)]
    public void ToFloat_Double_IsRounded(double number, float expected) => Check(TensorType.F64, BitConverter.GetBytes(number), expected);

    [Fact]
    public void ToFloat_UnalignedFloats_AreRead()
    {
        byte[] bytes = [0, .. MemoryMarshal.AsBytes<float>([1.5f, -2f])];
        var values = new float[2];
        Dequantizer.ToFloat(TensorType.F32, bytes.AsSpan(1), values);
        values.ShouldBe([1.5f, -2f]);
    }

    private static void Check(TensorType type, byte[] bytes, float expected)
    {
        var value = new float[1];
        Dequantizer.ToFloat(type, bytes, value);
        if (float.IsNaN(expected))
            float.IsNaN(value[0]).ShouldBeTrue();
        else
            BitConverter.SingleToInt32Bits(value[0]).ShouldBe(BitConverter.SingleToInt32Bits(expected));
    }
}
