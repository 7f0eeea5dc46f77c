using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.Nn.Optimizers;
using Octavo.TestKit;
using Octavo.Training.Recipes;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Optimizers;

/// <summary>What becomes of small steps with fp32 masters, and without.</summary>
public class MasterWeightsTests : TensorTest
{
    private const double Rate = 8e-7;
    private const int Steps = 100;

    private static readonly int[] _ids = [5, 9, 17, 3, 88, 41, 2, 60, 12, 99, 7, 31];

    [Fact]
    public void Steps_AHundredTinyOnes_ChangeMastersButNotWeightsKeptInBf16Alone()
    {
        var masters = Train(NumberType.Fp32, Rate);
        var bare = Train(NumberType.Bf16, Rate);
        // rows of embeddings that no token names have no gradient, so the layers are looked at
        Share(masters.Where(weight => weight.IsLayer)).ShouldBeGreaterThan(0.99);
        // the most that AdamW's step can be in units of the rate: all of a mean's weight on one gradient, after none
        var most = Rate * (1 - 0.9) / Math.Sqrt(1 - 0.999);
        var still = LostSteps.SmallestStill(most);
        Share(bare.Where(weight => Math.Abs(weight.Before) > still)).ShouldBe(0);
        // what moves is as good as nothing: numbers near 0, where bf16 is as fine as such a step
        Share(bare).ShouldBeLessThan(0.05);
        bare.Count(weight => Math.Abs(weight.Before) > still).ShouldBeGreaterThan(bare.Count * 9 / 10);
    }

    [Fact]
    public void Steps_ThatAreLargeEnough_ChangeWeightsKeptInBf16Alone() =>
        Share(Train(NumberType.Bf16, 0.01).Where(weight => weight.IsLayer)).ShouldBeGreaterThan(0.9);

    [Theory]
    [InlineData(8e-7, true)]
    [InlineData(0.01, false)]
    [InlineData(0, false)]
    public void Warning_WhereMostWeightsWouldStayAsTheyAre_SaysSo(double rate, bool warns)
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint, new DecoderOptions { Compute = NumberType.Bf16, Trained = NumberType.Bf16 });
        var warning = LostSteps.Warning(decoder.Trained.Select(part => part.Value), rate);
        (warning is not null).ShouldBe(warns);
        warning?.ShouldContain("At 8E-07");
        warning?.ShouldContain("master_weights: true");
    }

    [Theory]
    [InlineData(8e-7, 1.0 / 4096)]
    [InlineData(1.0 / 512, 1)]
    [InlineData(0.9 / 512, 0.5)]
    public void SmallestStill_OfAStep_IsWhereBf16IsTooCoarse(double step, double expected)
    {
        LostSteps.SmallestStill(step).ShouldBe(expected);
        Rounded(expected + step).ShouldBe((float)expected);
        Rounded((expected / 2) + (step * 1.01)).ShouldNotBe((float)(expected / 2));
    }

    [Fact]
    public void Bf16Alone_OfFrozenWeights_IsRefused()
    {
        Should.Throw<Octavo.Core.ConfigException>(() => new DecoderOptions { TrainWeights = false, Trained = NumberType.Bf16 }.Validate());
        Should.Throw<Octavo.Core.ConfigException>(() => new DecoderOptions { Trained = NumberType.Nf4 }.Validate());
    }

    // to the nearest, ties to even
    private static float Rounded(double number)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)number);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }

    private static Checkpoint Open() => Checkpoint.Open(Repository.At("golden", "decoders", "llama"));

    private static double Share(IEnumerable<(float Before, float After, bool IsLayer)> weights)
    {
        var all = weights.ToList();
        return all.Count(weight => weight.Before != weight.After) / (double)all.Count;
    }

    private static List<(float Before, float After, bool IsLayer)> Train(NumberType kept, double rate)
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint, new DecoderOptions { Compute = NumberType.Bf16, Trained = kept });
        decoder.Trained.ShouldAllBe(part => part.Value.dtype == (kept == NumberType.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32));
        using var optimizer = new AdamW(decoder.Trained);
        int[] rows = [.. Enumerable.Range(0, _ids.Length - 1)];
        var before = Numbers(decoder);
        for (var step = 0; step < Steps; step++)
        {
            using (var run = decoder.Forward(TokenRows.Of(_ids), 7))
            {
                CrossEntropy.WithGradients(decoder, run, rows, _ids[1..], [.. rows.Select(_ => 1f / rows.Length)]);
                run.Backward();
            }
            decoder.BeginChange();
            optimizer.Step(rate);
            optimizer.ZeroGradients();
        }
        return [.. before.Zip(Numbers(decoder)).Select(pair => (pair.First.Number, pair.Second.Number, pair.First.IsLayer))];
    }

    private static List<(float Number, bool IsLayer)> Numbers(TrainableDecoder decoder)
    {
        using var scope = NewDisposeScope();
        return [.. decoder.Trained.SelectMany(part => part.Value.detach().to(ScalarType.Float32).data<float>().ToArray()
            .Select(number => (number, part.Name.Contains("layers.", StringComparison.Ordinal))))];
    }
}
