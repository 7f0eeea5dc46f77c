using Octavo.Nn.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Nn.Kernels;

/// <summary>Work on libtorch's threads, and on those of the runtime where they were not found.</summary>
public class TorchThreadsTests : TensorTest
{
    [Fact]
    public void IsNative_WithTheLibtorchThatIsFetched_Holds() => TorchThreads.IsNative.ShouldBeTrue();

    [Theory]
    [InlineData(0, 2, true)]
    [InlineData(1, 2, true)]
    [InlineData(1000, 2, true)]
    [InlineData(1000, 5, true)]
    [InlineData(1000, 2, false)]
    [InlineData(3, 1, true)]
    public void Run_EachPiece_Once(int pieces, int threads, bool isNative)
    {
        var done = new int[pieces];
        TorchThreads.Run(pieces, threads, isNative, piece => Interlocked.Increment(ref done[piece]));
        done.ShouldAllBe(count => count == 1);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void Run_PieceThatThrows_ThrowsItOnTheCaller(int threads, bool isNative)
    {
        var done = 0;
        Should.Throw<InvalidOperationException>(() => TorchThreads.Run(50, threads, isNative, piece =>
        {
            if (piece == 1)
                throw new InvalidOperationException("no");
            Interlocked.Increment(ref done);
        })).Message.ShouldBe("no");
        done.ShouldBeLessThan(50);
        TorchThreads.Run(2, threads, isNative, _ => Interlocked.Increment(ref done));
    }
}
