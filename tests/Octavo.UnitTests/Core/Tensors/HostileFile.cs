using System.Diagnostics;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

/// <summary>A file made by hand and what must happen when it is opened.</summary>
/// <param name="Name">The rule and the side of it.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Rule">What the refusal must say; null where the file must load.</param>
/// <param name="Length">The file's length where zeros are to follow <paramref name="Bytes"/>.</param>
public sealed record HostileFile(string Name, byte[] Bytes, string? Rule, long Length = 0)
{
    private const long FixedBytes = 16 << 20;
    private const double MaxMilliseconds = 50;
    private const int Tries = 20;

    public override string ToString() => Name;

    /// <summary>Opens the file and checks that it loads, or is refused with the rule's words, in little memory and time.</summary>
    internal void Check(string extension, Func<string, bool, TensorSource> open)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file" + extension, Bytes);
        if (Length > 0)
        {
            using var file = new FileStream(path, FileMode.Open);
            file.SetLength(Length);
        }
        foreach (var memoryMap in (bool[])[true, false])
        {
            if (Rule is null)
            {
                using var source = open(path, memoryMap);
                Touch(source);
                continue;
            }
            var error = Refused(path, memoryMap, open);
            error.Message.ShouldContain(Rule, Case.Sensitive, Name);
            error.Message.ShouldStartWith(path + ": ", Case.Sensitive, Name);
            error.Message.ShouldContain("byte ", Case.Sensitive, Name);
        }
        if (Rule is not null)
            CheckCost(path, open);
    }

    private void CheckCost(string path, Func<string, bool, TensorSource> open)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(path, true, open);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBeLessThanOrEqualTo((2 * new FileInfo(path).Length) + FixedBytes, Name);

        var best = double.MaxValue;
        for (var i = 0; i < Tries && best > MaxMilliseconds; i++)
        {
            var watch = Stopwatch.StartNew();
            Refused(path, true, open);
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
        }
        best.ShouldBeLessThanOrEqualTo(MaxMilliseconds, Name);
    }

    private OctavoException Refused(string path, bool memoryMap, Func<string, bool, TensorSource> open)
    {
        try
        {
            open(path, memoryMap).Dispose();
        }
        catch (OctavoException error) when (error is CheckpointException or UnsupportedException)
        {
            return error;
        }
        throw new ShouldAssertException($"{Name}: the file was opened; '{Rule}' was expected");
    }

    // Every byte that a tensor claims must be readable.
    private static void Touch(TensorSource source)
    {
        var sum = 0L;
        foreach (var tensor in source.Tensors)
        {
            if (tensor.ByteLength > 0)
                sum += tensor.Bytes(0, 1)[0] + tensor.Bytes(tensor.ByteLength - 1, 1)[0];
        }
        sum.ShouldBeGreaterThanOrEqualTo(0);
    }
}
