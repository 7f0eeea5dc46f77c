using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public class ExponentialTests
{
    public static TheoryData<string> Vectors => Avx2.IsSupported && Fma.IsSupported ? ["avx2", "v128"] : ["v128"];

    [Theory, MemberData(nameof(Vectors))]
    public void Exp_NormalResults_AreWithinTwoUlp(string name)
    {
        double worst = 0;
        for (var x = -87.3f; x < 88.7f; x += 0.00137f)
            worst = Math.Max(worst, ErrorInUlp(x, Of(name, x)));
        for (var x = 1e-8f; x < 1; x *= 1.0013f)
            worst = Math.Max(worst, Math.Max(ErrorInUlp(x, Of(name, x)), ErrorInUlp(-x, Of(name, -x))));
        worst.ShouldBeLessThan(2);
    }

    [Theory, MemberData(nameof(Vectors))]
    public void Exp_SubnormalResults_AreWithinTwoSteps(string name)
    {
        for (var x = -110f; x < -87.3f; x += 0.0137f)
            Math.Abs(Of(name, x) - Math.Exp(x)).ShouldBeLessThan(2 * (double)float.Epsilon + (2e-7 * Math.Exp(x)), $"x = {x}");
    }

    [Theory, MemberData(nameof(Vectors))]
    public void Exp_Ends_AreExact(string name)
    {
        Of(name, 0).ShouldBe(1);
        Of(name, -0f).ShouldBe(1);
        Of(name, float.NegativeInfinity).ShouldBe(0);
        Of(name, -1e30f).ShouldBe(0);
        Of(name, -104f).ShouldBe(0);
        Of(name, 88.8f).ShouldBe(float.PositiveInfinity);
        Of(name, float.MaxValue).ShouldBe(float.PositiveInfinity);
        Of(name, float.PositiveInfinity).ShouldBe(float.PositiveInfinity);
        Of(name, float.NaN).ShouldBe(float.NaN);
        Of(name, float.Epsilon).ShouldBe(1);
    }

    private static float Of(string name, float x)
    {
        if (name == "v128")
        {
            var four = PortableLanes.Exp(Vector128.Create(x));
            four.ShouldBe(Vector128.Create(four.ToScalar()));
            return four.ToScalar();
        }
        return Avx2Exponential.Of(Vector256.Create(x)).GetElement(5);
    }

    private static double ErrorInUlp(float x, float actual)
    {
        var exact = Math.Exp(x);
        return Math.Abs(actual - exact) / (MathF.BitIncrement((float)exact) - (double)(float)exact);
    }
}
