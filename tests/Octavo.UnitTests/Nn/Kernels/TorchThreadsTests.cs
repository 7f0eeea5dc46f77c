using Octavo.Nn.Kernels;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Kernels;

/// <summary>Work on libtorch's threads.</summary>
public class TorchThreadsTests : TensorTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Run_EachPiece_Once(int pieces)
    {
        var done = new int[pieces];
        TorchThreads.Run(pieces, piece => Interlocked.Increment(ref done[piece]));
        done.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public void Run_PieceThatThrows_IsToldAfterTheOthersEnded()
    {
        var done = 0;
        var before = get_num_threads();
        try
        {
            set_num_threads(2);
            var error = Should.Throw<AggregateException>(() => TorchThreads.Run(2, piece =>
            {
                if (piece == 1)
                    throw new InvalidOperationException("no");
                Interlocked.Increment(ref done);
            }));
            error.InnerExceptions.ShouldHaveSingleItem().ShouldBeOfType<InvalidOperationException>();
        }
        finally
        {
            set_num_threads(before);
        }
        done.ShouldBe(1);
        TorchThreads.Run(2, _ => Interlocked.Increment(ref done));
        done.ShouldBe(3);
    }
}
