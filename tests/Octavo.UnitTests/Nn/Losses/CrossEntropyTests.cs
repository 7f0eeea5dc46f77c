using Octavo.Core;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.TestKit;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Losses;

public class CrossEntropyTests : TensorTest
{
    private static readonly int[] _ids = [5, 9, 17, 3, 88, 41, 2, 60, 12, 99, 7, 31];
    private static readonly int[] _rows = [10, 0, 3, 4, 7, 1, 9];
    private static readonly float[] _weights = [0.5f, 1, 2, 0.25f, 3, 0.125f, 1];

    // all at once, and chunks of one, three and seven rows: the last of three has one row
    [Theory]
    [InlineData("llama", 1 << 24)]
    [InlineData("llama", 1)]
    [InlineData("llama", 3 * 160)]
    [InlineData("llama", (7 * 160) + 159)]
    [InlineData("gemma2", 1 << 24)]
    public void WithGradients_InChunks_IsWhatLogSoftmaxGives(string model, long chunkNumbers)
    {
        using var checkpoint = Checkpoint.Open(Repository.At("golden", "decoders", model));
        using var decoder = new TrainableDecoder(checkpoint);
        decoder.Model.VocabularySize.ShouldBe(160);
        var (block, cap) = decoder.Head("lm_head");
        (cap > 0).ShouldBe(model == "gemma2");
        int[] targets = [.. _rows.Select(row => _ids[row + 1])];
        using var run = decoder.Forward(TokenRows.Of(_ids), 7);
        var losses = CrossEntropy.WithGradients(decoder, run, _rows, targets, _weights, chunkNumbers);

        using var scope = NewDisposeScope();
        var (hidden, head) = (Leaf(run.Hidden), Leaf(block.Weight.Trained!));
        var logits = nn.functional.linear(hidden.index_select(0, tensor(_rows)), head);
        var plain = nn.functional.log_softmax(cap > 0 ? (logits / cap).tanh() * cap : logits, 1)
            .gather(1, tensor(targets, int64).unsqueeze(1)).squeeze(1).neg();
        Difference(tensor(losses), plain).ShouldBeLessThan(1e-5);
        (plain * tensor(_weights)).sum().backward();
        Difference(run.Hidden.grad!, hidden.grad!).ShouldBeLessThan(1e-6);
        Difference(block.Weight.Trained!.grad!, head.grad!).ShouldBeLessThan(1e-5);
    }

    // chunks of 128 rows: the last is filled up to 64
    [Theory]
    [InlineData(1)]
    [InlineData(65)]
    [InlineData(150)]
    public void WithGradients_ManyRows_IsThatOfChunksOfOne(int count)
    {
        using var checkpoint = Checkpoint.Open(Repository.At("golden", "decoders", "llama"));
        using var decoder = new TrainableDecoder(checkpoint);
        var head = decoder.Head("lm_head").Block.Weight.Trained!;
        int[] rows = [.. Enumerable.Range(0, count).Select(i => i * 5 % 11)];
        int[] targets = [.. rows.Select(row => _ids[row + 1])];
        float[] weights = [.. rows.Select(row => 0.25f + (row % 3))];
        using var scope = NewDisposeScope();
        List<(float[] Losses, Tensor Hidden, Tensor Head)> both = [];
        foreach (var chunk in (long[])[128 * 160, 1])
        {
            using var run = decoder.Forward(TokenRows.Of(_ids), 7);
            var losses = CrossEntropy.WithGradients(decoder, run, rows, targets, weights, chunk);
            both.Add((losses, run.Hidden.grad!.clone(), head.grad!.clone()));
            head.grad!.zero_();
        }
        Difference(tensor(both[0].Losses), tensor(both[1].Losses)).ShouldBeLessThan(1e-5);
        Difference(both[0].Hidden, both[1].Hidden).ShouldBeLessThan(1e-4);
        Difference(both[0].Head, both[1].Head).ShouldBeLessThan(1e-4);
    }

    [Theory]
    [InlineData(-100)]
    [InlineData(160)]
    public void WithGradients_TargetThatIsNoToken_IsRefused(int target)
    {
        using var checkpoint = Checkpoint.Open(Repository.At("golden", "decoders", "llama"));
        using var decoder = new TrainableDecoder(checkpoint);
        using var run = decoder.Forward(TokenRows.Of(_ids));
        Should.Throw<ShapeException>(() => CrossEntropy.WithGradients(decoder, run, [0, 1], [9, target], [1, 1])).Message.ShouldContain($"{target}");
    }

    [Fact]
    public void WithGradients_Twice_AddsToTheHead()
    {
        using var checkpoint = Checkpoint.Open(Repository.At("golden", "decoders", "llama"));
        using var decoder = new TrainableDecoder(checkpoint);
        var head = decoder.Head("lm_head").Block.Weight.Trained!;
        using var scope = NewDisposeScope();
        Tensor? once = null;
        for (var i = 0; i < 2; i++)
        {
            using var run = decoder.Forward(TokenRows.Of(_ids), 7);
            CrossEntropy.WithGradients(decoder, run, [0], [9], [1]);
            once ??= head.grad!.clone();
        }
        Difference(head.grad!, once! * 2).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void WithGradients_LengthsThatDiffer_AreRefused()
    {
        using var checkpoint = Checkpoint.Open(Repository.At("golden", "decoders", "llama"));
        using var decoder = new TrainableDecoder(checkpoint);
        using var run = decoder.Forward(TokenRows.Of(_ids));
        Should.Throw<ShapeException>(() => CrossEntropy.WithGradients(decoder, run, [0, 1], [1], [1, 1])).Message.ShouldContain("2 rows and 1 targets");
        Should.Throw<ShapeException>(() => CrossEntropy.WithGradients(decoder, run, [0], [1], [1, 1])).Message.ShouldContain("2 weights for 1 rows");
        Should.Throw<ShapeException>(() => CrossEntropy.Losses(decoder, run.Hidden, [], [])).Message.ShouldContain("at least one");
    }
}
