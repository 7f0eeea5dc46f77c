using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.UnitTests.Core.Gguf;
using Octavo.UnitTests.Core.Safetensors;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

public unsafe class LifetimeTests
{
    [Theory]
    [InlineData(".gguf", true)]
    [InlineData(".gguf", false)]
    [InlineData(".safetensors", true)]
    [InlineData(".safetensors", false)]
    public void Tensor_AfterItsSourceIsDisposed_IsOutOfReach(string extension, bool memoryMap)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, extension);
        var source = Open(path, memoryMap);
        source.TryGet("t", out var tensor).ShouldBeTrue();
        tensor.Bytes(0, 4).ToArray().ShouldBe([0, 1, 2, 3]);

        source.Dispose();
        source.Dispose();

        Should.Throw<ObjectDisposedException>(() => tensor.Bytes(0, 1).ToArray()).Message.ShouldContain(path);
        Should.Throw<ObjectDisposedException>(() => _ = tensor.Data == null);
        Should.Throw<ObjectDisposedException>(() => source.Tensors);
        Should.Throw<ObjectDisposedException>(() => source.TryGet("t", out _));
        tensor.Name.ShouldBe("t");
    }

    [Theory]
    [InlineData(".gguf")]
    [InlineData(".safetensors")]
    public void Source_FileReplacedWhileOpen_KeepsTheOldBytes(string extension)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, extension);
        using var source = Open(path, memoryMap: true);
        folder.Write("new", new byte[4]);
        File.Move(folder.File("new"), path, overwrite: true);
        source.Tensors[0].Bytes(0, 4).ToArray().ShouldBe([0, 1, 2, 3]);
    }

    [Theory]
    [InlineData(0, 4, true)]
    [InlineData(4, 0, true)]
    [InlineData(0, 5, false)]
    [InlineData(1, 4, false)]
    [InlineData(5, 0, false)]
    [InlineData(-1, 1, false)]
    [InlineData(0, -1, false)]
    [InlineData(long.MaxValue, int.MaxValue, false)]
    public void Bytes_Range_MustLieInside(long offset, int length, bool inside)
    {
        using var folder = new TemporaryFolder();
        using var source = Open(Write(folder, ".gguf"), memoryMap: true);
        var tensor = source.Tensors[0];
        if (inside)
            tensor.Bytes(offset, length).Length.ShouldBe(length);
        else
            Should.Throw<ArgumentOutOfRangeException>(() => tensor.Bytes(offset, length).ToArray());
    }

    [Fact]
    public void Open_RefusedFile_IsNotMappedAnyMore()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the list of mappings is read from /proc");
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad.gguf", new byte[100]);
        Should.Throw<CheckpointException>(() => GgufFile.Open(path));
        Mappings().ShouldNotContain(path);

        var source = Open(Write(folder, ".gguf"), memoryMap: true);
        Mappings().ShouldContain(source.Location);
        source.Dispose();
        Mappings().ShouldNotContain(source.Location);
    }

    private static string Mappings() => File.ReadAllText("/proc/self/maps");

    private static string Write(TemporaryFolder folder, string extension) => folder.Write("file" + extension, extension == ".gguf"
        ? new GgufBytes { Data = 4 }.Tensor("t", 24, 0, 4).Build()
        : SafetensorsBytes.Of($"{{{SafetensorsBytes.Entry("t", "U8", "4", 0, 4)}}}", 4));

    private static TensorSource Open(string path, bool memoryMap) =>
        path.EndsWith(".gguf", StringComparison.Ordinal) ? GgufFile.Open(path, memoryMap) : SafetensorsSource.Open(path, memoryMap);
}
