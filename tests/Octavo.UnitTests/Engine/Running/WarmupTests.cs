using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Octavo.Engine.Running;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>A failure there would go unseen: it runs on a thread of its own that nobody waits for.</summary>
public class WarmupTests
{
    public static TheoryData<string> Sets => [.. KernelSets.Available.Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Rows_EveryTypeOfPages_Run(string set)
    {
        foreach (var type in Enum.GetValues<KvType>())
            Warmup.Rows(KernelSets.Select(set), type);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Product_EveryTypeOfWeights_Runs(string set)
    {
        foreach (var type in (TensorType[])[.. PackedFormat.All.Select(format => format.Type), TensorType.F32, TensorType.F16, TensorType.BF16])
        {
            Warmup.Product(KernelSets.Select(set), type, exact: false);
            Warmup.Product(KernelSets.Select(set), type, exact: true);
        }
    }
}
