using Octavo.Nn;
using Shouldly;
using TorchSharp;

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
}
