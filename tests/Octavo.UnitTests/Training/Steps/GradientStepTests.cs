using System.Globalization;
using Octavo.Core;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Octavo.Training.Steps;
using Octavo.UnitTests.Nn;
using Shouldly;

namespace Octavo.UnitTests.Training.Steps;

/// <summary>How a batch is cut into micro-batches and rows does not matter, but where it should.</summary>
public class GradientStepTests : TensorTest
{
    private const int Length = 24;

    // targets of each of eight rows: very unequal
    private static readonly int[] _targets = [2, 19, 5, 11, 1, 23, 3, 8];

    // b/B = rows of a micro-batch over those of the batch is in the weights of `sum` already: it is divided out
    [Theory]
    [InlineData("Sum")]
    [InlineData("MeanGlobal")]
    public void Run_EightRowsInAnyCut_GiveTheSameGradient(string name)
    {
        var reduction = Enum.Parse<LossReduction>(name);
        var whole = Gradient(reduction, 8);
        foreach (var rows in (int[])[4, 2, 1])
        {
            var parts = Gradient(reduction, rows);
            var error = Distance(Scaled(parts, reduction == LossReduction.Sum ? 8 / rows : 1), whole);
            Say($"{name}: {8 / rows}x{rows} differs from 1x8 by {error:e1} of the gradient's norm");
            (error < 1e-5).ShouldBeTrue();
        }
    }

    [Fact]
    public void Run_MeanOfMeans_DependsOnTheCut()
    {
        var error = Distance(Gradient(LossReduction.MeanMicro, 1), Gradient(LossReduction.MeanMicro, 8));
        Say($"mean_micro: 8x1 differs from 1x8 by {error:0.00} of the gradient's norm");
        error.ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public void Losses_PackedDocuments_EqualThoseOfEachAlone()
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint);
        int[] lengths = [7, 12, 5];
        int[] ids = [.. Row(0).Take(24)];
        int[] documents = [.. lengths.SelectMany((length, i) => Enumerable.Repeat(i + 1, length))];
        var packed = Losses(decoder, SupervisedRows.Of(24, ids, ids, documents));
        List<float> apart = [];
        var at = 0;
        foreach (var length in lengths)
        {
            int[] document = ids[at..(at + length)];
            apart.AddRange(Losses(decoder, SupervisedRows.Of(length, document, document, [.. document.Select(_ => 1)])));
            at += length;
        }
        // the first token of each document is no target although its label says so
        packed.Length.ShouldBe(24 - lengths.Length);
        var error = packed.Zip(apart, (a, b) => Math.Abs(a - b)).Max();
        Say($"packed and apart differ by {error:e1} nats at most");
        (error < 1e-5f).ShouldBeTrue();
    }

    private static float[] Losses(TrainableDecoder decoder, SupervisedRows rows)
    {
        using var run = decoder.Forward(rows.Tokens, isTraining: false);
        return [.. CrossEntropy.Losses(decoder, run.Hidden, rows.Predicting, rows.Targets)];
    }

    private static Dictionary<string, float[]> Gradient(LossReduction reduction, int rows)
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint);
        GradientStep.Run(decoder, [.. Enumerable.Range(0, 8).Chunk(rows).Select(Batch)], reduction, 0);
        return decoder.Trained.ToDictionary(part => part.Name, part =>
        {
            using var gradient = part.Value.grad;
            return gradient!.data<float>().ToArray();
        });
    }

    private static SupervisedRows Batch(int[] rows)
    {
        int[] ids = [.. rows.SelectMany(Row)];
        int[] labels = [.. rows.SelectMany(row => Row(row).Select((id, i) => i >= Length - _targets[row] ? id : SupervisedRows.Ignored))];
        return SupervisedRows.Of(Length, ids, labels, [.. ids.Select(_ => 1)]);
    }

    private static int[] Row(int row)
    {
        var random = new SeededRandom((ulong)row);
        return [.. Enumerable.Range(0, Length).Select(_ => random.Next(90))];
    }

    private static Dictionary<string, float[]> Scaled(Dictionary<string, float[]> gradient, float factor) =>
        gradient.ToDictionary(part => part.Key, part => part.Value.Select(value => value * factor).ToArray());

    // the norm of the difference over that of the second
    private static double Distance(Dictionary<string, float[]> first, Dictionary<string, float[]> second)
    {
        var (difference, norm) = (0.0, 0.0);
        foreach (var (name, values) in second)
        {
            for (var i = 0; i < values.Length; i++)
            {
                difference += Math.Pow(first[name][i] - (double)values[i], 2);
                norm += Math.Pow(values[i], 2);
            }
        }
        return Math.Sqrt(difference / norm);
    }

    private static Checkpoint Open() => Checkpoint.Open(Repository.At("golden", "decoders", "llama"));

    private static void Say(FormattableString text) => TestContext.Current.TestOutputHelper!.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
