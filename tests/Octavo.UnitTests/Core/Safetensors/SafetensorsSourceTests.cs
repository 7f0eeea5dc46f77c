using Octavo.Core.Gguf;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.UnitTests.Core.Tensors;
using Octavo.TestKit;
using Shouldly;
using static Octavo.UnitTests.Core.Safetensors.SafetensorsBytes;

namespace Octavo.UnitTests.Core.Safetensors;

public class SafetensorsSourceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_File_GivesItsTensorsByPlaceAndItsTexts(bool memoryMap)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.safetensors", Of(
            $"{{{Entry("late", "BF16", "1,2", 8, 12)},\"__metadata__\":{{\"format\":\"pt\",\"x\":\"\"}},"
            + $"{Entry("none", "F32", "0,3", 8, 8)},{Entry("scalar", "F32", "", 4, 8)},{Entry("early", "I8", "2,2", 0, 4)}}}", 12));

        using var source = SafetensorsSource.Open(path, memoryMap);

        source.Location.ShouldBe(path);
        source.Files.ShouldBe([path]);
        source.Version.ShouldBe(0);
        source.Metadata.ShouldBe(new Dictionary<string, string> { ["format"] = "pt", ["x"] = "" });
        source.Tensors.Select(t => t.Name).ShouldBe(["early", "scalar", "none", "late"]);
        source.Tensors.Select(t => t.Type).ShouldBe([TensorType.I8, TensorType.F32, TensorType.F32, TensorType.BF16]);
        source.Tensors.Select(t => string.Join(',', t.Shape)).ShouldBe(["2,2", "", "0,3", "1,2"]);
        source.Tensors.Select(t => t.ByteLength).ShouldBe([4, 4, 0, 4]);
        source.Tensors[3].Bytes(0, 4).ToArray().ShouldBe([8, 9, 10, 11]);
        source.TryGet("scalar", out var scalar).ShouldBeTrue();
        scalar.Bytes(0, 4).ToArray().ShouldBe([4, 5, 6, 7]);
        source.TryGet("other", out _).ShouldBeFalse();
    }

    [Fact]
    public void Open_NoMetadata_GivesNoTexts()
    {
        using var folder = new TemporaryFolder();
        using var source = SafetensorsSource.Open(folder.Write("a.safetensors", Of("{}")));
        source.Metadata.ShouldBeEmpty();
        source.Tensors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("*.safetensors")]
    [InlineData("*.safetensors.index.json")]
    [InlineData("*.gguf")]
    public void Open_EveryGoldenFile_Loads(string pattern)
    {
        foreach (var path in Directory.EnumerateFiles(GoldenFolder.Find(""), pattern, SearchOption.AllDirectories))
        {
            var name = Path.GetFileName(path);
            if (name == "big-endian.gguf" || name.EndsWith("-00002-of-00002.gguf", StringComparison.Ordinal))
                continue;
            using TensorSource source = pattern.EndsWith("gguf",
                StringComparison.Ordinal) ? GgufFile.Open(path) : SafetensorsSource.Open(path);
            source.Tensors.Sum(t => t.ByteLength).ShouldBeLessThanOrEqualTo(long.MaxValue);
        }
    }
}
