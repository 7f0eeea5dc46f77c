using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.Nn.Optimizers;
using Octavo.TestKit;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Decoder;

public class TrainableDecoderTests : TensorTest
{
    private static readonly int[] _ids = [5, 9, 17, 3, 88, 41, 2, 60, 12, 99, 7, 31];

    [Fact]
    public void Recompute_Layers_GivesTheSameLossAndGradients()
    {
        var kept = Gradients(new DecoderOptions(), null);
        var again = Gradients(new DecoderOptions { Recompute = true }, null);
        again.Loss.ShouldBe(kept.Loss);
        again.Gradients.Keys.ShouldBe(kept.Gradients.Keys);
        foreach (var (name, values) in kept.Gradients)
            again.Gradients[name].ShouldBe(values, name);
    }

    [Fact]
    public void Recompute_UnderDropout_DrawsAlike()
    {
        var lora = new LoraOptions { Rank = 4, Dropout = 0.3 };
        var kept = Gradients(new DecoderOptions { TrainWeights = false }, lora);
        var again = Gradients(new DecoderOptions { TrainWeights = false, Recompute = true }, lora);
        again.Loss.ShouldBe(kept.Loss);
        foreach (var (name, values) in kept.Gradients)
            again.Gradients[name].ShouldBe(values, name);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Adapters_New_ChangeNoLogitAndAloneHaveGradients(bool isStabilized, bool hasMagnitudes)
    {
        using var checkpoint = Open();
        using var plain = new TrainableDecoder(checkpoint, new DecoderOptions { TrainWeights = false });
        using var adapted = new TrainableDecoder(checkpoint, new DecoderOptions { TrainWeights = false });
        adapted.AddAdapters(new LoraOptions { Rank = 4, IsRankStabilized = isStabilized, HasMagnitudes = hasMagnitudes }, 1);
        var difference = Logits(plain).Zip(Logits(adapted)).Max(pair => Math.Abs(pair.First - pair.Second));
        // DoRA divides a length by itself, computed twice
        difference.ShouldBeLessThanOrEqualTo(hasMagnitudes ? 1e-5f : 0);
        Step(adapted);
        adapted.Trained.ShouldAllBe(part => part.Name.Contains("lora_", StringComparison.Ordinal));
        adapted.Weights.Values.Count(weight => weight.Trained is not null).ShouldBe(0);
    }

    [Fact]
    public void Lend_Weights_GivesTheEngineTheSameLogitsWithoutACopy()
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint);
        using (var lent = decoder.Lend())
        {
            lent.TryGet("model.norm.weight", out var norm).ShouldBeTrue();
            using (no_grad())
                decoder.Trained.Single(part => part.Name == "model.norm.weight").Value.fill_(0.5f);
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(norm!.Bytes(0, 4))[0].ShouldBe(0.5f);
        }
        using var engine = LanguageModel.Load(checkpoint.With(decoder.Lend()), new EngineOptions { Exact = true, Threads = 1 });
        using var session = engine.NewSession();
        var difference = Logits(decoder).Zip(session.ForwardAll(_ids)).Max(pair => Math.Abs(pair.First - pair.Second));
        difference.ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void BeginChange_WhileLent_ThrowsAndAfterwardsRaisesTheVersion()
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint);
        var lent = decoder.Lend();
        Should.Throw<InvalidOperationException>(decoder.BeginChange).Message.ShouldContain("lent");
        lent.Dispose();
        decoder.BeginChange();
        using var again = decoder.Lend();
        again.Version.ShouldBe(lent.Version + 1);
    }

    [Fact]
    public void Steps_Many_LeaveNoTensorBehind()
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint);
        using var optimizer = new AdamW(decoder.Trained);
        long? live = null;
        for (var i = 0; i < 6; i++)
        {
            Step(decoder);
            decoder.BeginChange();
            optimizer.Step(1e-3, Math.Min(1, 1 / optimizer.GradientNorm()));
            optimizer.ZeroGradients();
            live ??= Live();
        }
        Live().ShouldBeLessThanOrEqualTo(live!.Value);
    }

    [Fact]
    public void Forward_BadTokens_AreRefused()
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint);
        Should.Throw<ShapeException>(() => decoder.Forward(TokenRows.Of(0, 100_000))).Message.ShouldContain("vocabulary");
        Should.Throw<ShapeException>(() => decoder.Forward(TokenRows.Of(new int[decoder.Model.ContextLength + 1]))).Message.ShouldContain("made for");
        Should.Throw<ConfigException>(() => decoder.AddAdapters(new LoraOptions { Targets = ["q_project"] }, 0)).Message.ShouldContain("q_proj");
    }

    [Fact]
    public void Backward_OfEveryTensor_IsTheSlopeOfTheLoss()
    {
        const float Step = 1e-2f;
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint);
        TrainableDecoderTests.Step(decoder);
        foreach (var (name, value) in decoder.Trained)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var gradient = value.grad!.flatten();
            var at = gradient.abs().argmax().item<long>();
            var number = value.view(-1).narrow(0, at, 1);
            number.add_(Step);
            var above = Loss(decoder);
            number.sub_(2 * Step);
            var below = Loss(decoder);
            number.add_(Step);
            var slope = gradient[at].item<float>();
            ((above - below) / (2 * Step)).ShouldBe(slope, 1e-4 + (0.03 * Math.Abs(slope)), name);
        }
    }

    private static double Loss(TrainableDecoder decoder)
    {
        using var run = decoder.Forward(TokenRows.Of(_ids), isTraining: false);
        return CrossEntropy.Losses(decoder, run.Hidden, [.. Enumerable.Range(0, _ids.Length - 1)], _ids[1..]).Average();
    }

    private static Checkpoint Open() => Checkpoint.Open(Repository.At("golden", "decoders", "llama"));

    private static double Step(TrainableDecoder decoder)
    {
        int[] rows = [.. Enumerable.Range(0, _ids.Length - 1)];
        var weights = rows.Select(_ => 1f / rows.Length).ToArray();
        using var run = decoder.Forward(TokenRows.Of(_ids), 7);
        var loss = CrossEntropy.WithGradients(decoder, run, rows, _ids[1..], weights).Average();
        run.Backward();
        return loss;
    }

    private static (double Loss, Dictionary<string, float[]> Gradients) Gradients(DecoderOptions options, LoraOptions? lora)
    {
        using var checkpoint = Open();
        using var decoder = new TrainableDecoder(checkpoint, options);
        if (lora is not null)
        {
            decoder.AddAdapters(lora, 3);
            using var off = no_grad();
            foreach (var (name, value) in decoder.Trained.Where(part => part.Name.EndsWith("lora_B.weight", StringComparison.Ordinal)))
                value.fill_(0.01f);
        }
        var loss = Step(decoder);
        return (loss, decoder.Trained.ToDictionary(part => part.Name, part =>
        {
            using var gradient = part.Value.grad;
            return gradient!.data<float>().ToArray();
        }));
    }

    private static float[] Logits(TrainableDecoder decoder)
    {
        using var run = decoder.Forward(TokenRows.Of(_ids), isTraining: false);
        using var logits = decoder.Read(run.Hidden);
        return logits.data<float>().ToArray();
    }
}
