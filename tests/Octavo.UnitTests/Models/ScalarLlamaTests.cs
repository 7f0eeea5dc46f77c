using System.Globalization;
using Octavo.Engine;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.TestKit;
using Octavo.UnitTests.Nn;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>Both engines against the formulas in double precision.</summary>
public class ScalarLlamaTests : TensorTest
{
    private const double Bound = 1e-4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Logits_OfBothEngines_EqualTheScalarFormulas(int seed)
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.Path, (ulong)seed);
        int[] ids = [5, 9, 17, 3, 88, 41, 2, 60, 12, 99, 7, 31, 5, 5, 150];
        using var scalar = new ScalarLlama(folder.Path);
        var expected = scalar.Logits(ids);

        using var model = LanguageModel.Load(folder.Path, new EngineOptions { Exact = true, Threads = 1 });
        using var session = model.NewSession();
        var engine = Error(session.Forward(ids).ToArray(), expected);

        using var checkpoint = Checkpoint.Open(folder.Path);
        using var decoder = new TrainableDecoder(checkpoint);
        using var run = decoder.Forward(TokenRows.Of(ids), isTraining: false);
        using var logits = decoder.Read(run.Hidden);
        var trainable = Error(logits.data<float>().ToArray()[^expected.Length..], expected);

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"engine {engine:e1}, trainable decoder {trainable:e1}, largest logit {expected.Max(Math.Abs):0.00}"));
        engine.ShouldBeLessThan(Bound);
        trainable.ShouldBeLessThan(Bound);
    }

    private static double Error(float[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        return actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
    }
}
