using Octavo.Nn.Kernels;
using Shouldly;
using static TorchSharp.torch;

namespace Octavo.UnitTests.Nn.Kernels;

/// <summary>Cross-entropy of rows of any width, beside libtorch's log-softmax.</summary>
public unsafe class SoftmaxLossKernelTests : TensorTest
{
    [Theory]
    [InlineData(7, 0, false)]
    [InlineData(163, 0, false)]
    [InlineData(2051, 0, false)]
    [InlineData(163, 3, false)]
    [InlineData(163, 0, true)]
    [InlineData(2051, 3, true)]
    public void Run_AnyWidth_LikeLogSoftmax(int width, float cap, bool isHalf)
    {
        using var scope = NewDisposeScope();
        var logits = (Draw(1, 3, width) * 4).to(isHalf ? ScalarType.BFloat16 : ScalarType.Float32);
        int[] targets = [0, width - 1, width / 2];
        float[] weights = [1, 0.5f, 2], losses = new float[3];
        var leaf = Leaf(logits.to(ScalarType.Float32));
        var plain = nn.functional.log_softmax(cap == 0 ? leaf : (leaf / cap).tanh() * cap, 1).gather(1, tensor(targets, int64).unsqueeze(1)).squeeze(1).neg();
        (plain * tensor(weights)).sum().backward();
        var place = TensorMemory.Pointer(logits);
        fixed (int* t = targets)
        fixed (float* w = weights, l = losses)
        {
            if (isHalf)
                SoftmaxLossKernel.Run<Bf16>(place, t, w, l, 0, 3, width, cap);
            else
                SoftmaxLossKernel.Run<Fp32>(place, t, w, l, 0, 3, width, cap);
        }
        Difference(tensor(losses), plain).ShouldBeLessThan(2e-5);
        Difference(logits.to(ScalarType.Float32), leaf.grad!).ShouldBeLessThan(isHalf ? 8e-3 : 2e-6);
    }

    [Fact]
    public void Store_NoNumberInBf16_StaysOne()
    {
        var bits = stackalloc ushort[8];
        Bf16.Store(bits, 0, System.Runtime.Intrinsics.Vector256.Create(BitConverter.UInt32BitsToSingle(0x7FFFFFFF)));
        Bf16.StoreOne(bits, 7, BitConverter.UInt32BitsToSingle(0x7F800001));
        for (var i = 0; i < 8; i++)
            float.IsNaN(Bf16.LoadOne(bits, i)).ShouldBeTrue();
    }
}
