using Octavo.Core;
using Octavo.Nn;
using Shouldly;
using TorchSharp;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn;

/// <summary>
/// The base of tests with tensors: makes libtorch ready, and fails a test that leaves more live tensors than it found. Counted are
/// those of the test's own thread, which dispose scopes belong to: such a test must not be asynchronous.
/// </summary>
public abstract class TensorTest : IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly long _before;

    protected TensorTest()
    {
        TorchRuntime.Ensure(new TorchOptions { Threads = 2 });
        _before = Live();
    }

    public void Dispose()
    {
        CheckTensors();
        GC.SuppressFinalize(this);
    }

    /// <summary>Fails where the thread has more live tensors than when the test began.</summary>
    protected void CheckTensors()
    {
        Environment.CurrentManagedThreadId.ShouldBe(_thread, "a test with tensors must stay on one thread");
        Live().ShouldBeLessThanOrEqualTo(_before, "tensors are still alive after the test: dispose them, or open a scope");
    }

    /// <summary>Live tensors of this thread: others run tests of their own.</summary>
    protected static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary>The largest distance between two tensors' numbers; one that is no number fails the test.</summary>
    protected static double Difference(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        double most = (a - b).abs().max().to(ScalarType.Float32).item<float>();
        double.IsFinite(most).ShouldBeTrue("a tensor has something that is no number");
        return most;
    }

    /// <summary>A copy that gets gradients.</summary>
    protected static Tensor Leaf(Tensor x)
    {
        var leaf = x.detach().clone();
        leaf.requires_grad = true;
        return leaf;
    }

    /// <summary>Numbers of a normal distribution, from a seed.</summary>
    protected static Tensor Draw(ulong seed, params int[] shape)
    {
        var random = new SeededRandom(seed);
        var numbers = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)random.NextGaussian();
        return tensor(numbers, [.. shape.Select(size => (long)size)]);
    }
}
