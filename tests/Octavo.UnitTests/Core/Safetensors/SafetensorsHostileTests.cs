using System.Text;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.UnitTests.Core.Tensors;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Safetensors;

public class SafetensorsHostileTests
{
    private const long OneMegabyte = 1_000_000;
    private static readonly HostileFile[] _files = [.. HostileHeaders.All];

    public static TheoryData<string> Names => [.. _files.Select(f => f.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Open_FileAroundARule_LoadsOrIsRefusedByIt(string name) =>
        _files.Single(f => f.Name == name).Check(".safetensors", SafetensorsSource.Open);

    [Fact]
    public void Files_Hostile_AreFortyOrMore() => _files.Count(f => f.Rule is not null).ShouldBeGreaterThanOrEqualTo(40);

    [Fact]
    public void Open_HeaderLengthOf64Bits_TakesLessThanOneMegabyte()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.safetensors", SafetensorsBytes.Of("{}", 0, ulong.MaxValue));
        Should.Throw<CheckpointException>(() => SafetensorsSource.Open(path));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<CheckpointException>(() => SafetensorsSource.Open(path));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(OneMegabyte);
    }

    [Theory]
    [InlineData(99_999_999)]
    [InlineData(100_000_000)]
    public void Open_LargestHeader_Loads(int length)
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[8 + length];
        bytes.AsSpan(8).Fill((byte)' ');
        "{}"u8.CopyTo(bytes.AsSpan(8));
        BitConverter.TryWriteBytes(bytes, (long)length);
        using var source = SafetensorsSource.Open(folder.Write("a.safetensors", bytes));
        source.Tensors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public void Open_AboutAMillionTensors_LoadsUpToTheLimit(int count, bool loads)
    {
        using var folder = new TemporaryFolder();
        var header = new StringBuilder("{", 64 << 20);
        for (var i = 0; i < count; i++)
            header.Append(i == 0 ? "" : ",").Append(SafetensorsBytes.Entry($"{i}", "U8", "0", 0, 0));
        var text = Encoding.ASCII.GetBytes(header.Append('}').ToString());
        var path = folder.File("a.safetensors");
        using (var file = File.Create(path))
        {
            file.Write(BitConverter.GetBytes((long)text.Length));
            file.Write(text);
        }
        if (!loads)
        {
            Should.Throw<CheckpointException>(() => SafetensorsSource.Open(path)).Message.ShouldContain("more than 1000000 tensors");
            return;
        }
        using var source = SafetensorsSource.Open(path);
        source.Tensors.Count.ShouldBe(count);
    }

    [Fact]
    public void Open_ValidFileCutAnywhere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = SafetensorsBytes.Of(
            $"{{\"__metadata__\":{{\"a\":\"b\"}},{SafetensorsBytes.Entry("t", "F32", "2,1", 0, 8)}}}", 8);
        SafetensorsSource.Open(folder.Write("whole.safetensors", whole)).Dispose();
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Write("cut.safetensors", whole[..length]);
            Should.Throw<CheckpointException>(() => SafetensorsSource.Open(path), $"{length} bytes").Message.ShouldStartWith(path);
        }
    }
}
