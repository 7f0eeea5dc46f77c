using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Gguf;

public class GgufBadSplitTests
{
    [Fact]
    public void Open_ThreeGoodParts_Loads() => Check(_ => { }, null);

    [Fact]
    public void Open_PartMissing_IsRefusedByName() => Check(f => File.Delete(Part(f, 2)), "part 2 is missing: there is no file");

    [Fact]
    public void Open_LastPartMissing_IsRefusedByName() => Check(f => File.Delete(Part(f, 3)), "part 3 is missing: there is no file");

    [Fact]
    public void Open_PartRepeated_IsRefusedByName() =>
        Check(f => File.Copy(Part(f, 2), Part(f, 3), overwrite: true), "m-00003-of-00003.gguf: 'split.no' is 1, 2 is expected");

    [Fact]
    public void Open_FirstPartRepeated_IsRefusedByName() =>
        Check(f => File.Copy(Part(f, 1), Part(f, 2), overwrite: true), "m-00002-of-00003.gguf: 'split.no' is 0, 1 is expected");

    [Theory]
    [InlineData(1, 3, 5, "'split.tensors.count' is 5, the first part says 3")]
    [InlineData(1, 4, 3, "'split.count' is 4, the first part says 3")]
    [InlineData(1, 2, 3, "'split.count' is 2, the first part says 3")]
    [InlineData(2, 3, 3, "'split.no' is 2, 1 is expected")]
    public void Open_PartOfAnotherSplit_IsRefusedByName(int no, int count, int tensors, string words) =>
        Check(f => Write(f, 2, no, count, tensors, "b"), words);

    [Fact]
    public void Open_TensorInTwoParts_IsRefusedByName() =>
        Check(f => Write(f, 2, 1, 3, 3, "a"), "the tensor 'a' stands in an earlier part too");

    [Fact]
    public void Open_PartWithoutItsTensor_IsRefusedByName() =>
        Check(f => Write(f, 2, 1, 3, 3), "the 3 parts hold 2 tensors, 'split.tensors.count' says 3");

    [Fact]
    public void Open_PartWithATensorTooMany_IsRefusedByName() =>
        Check(f => Write(f, 2, 1, 3, 3, "b", "x"), "the 3 parts hold 4 tensors, 'split.tensors.count' says 3");

    [Fact]
    public void Open_PartWithoutSplitKeys_IsRefusedByName() =>
        Check(f => f.Write(Path.GetFileName(Part(f, 2)), new GgufBytes { Data = 1 }.Tensor("b", 24, 0, 1).Build()),
            "the metadata lack 'split.no'");

    [Fact]
    public void Open_DamagedPart_IsRefusedByName() =>
        Check(f => File.WriteAllBytes(Part(f, 3), File.ReadAllBytes(Part(f, 3))[..^1]), "m-00003-of-00003.gguf: byte ");

    [Theory]
    [InlineData(0, "'split.count' is 0")]
    [InlineData(-1, "'split.count' is -1")]
    [InlineData(65_535, "the name says 3 parts, 'split.count' says 65535")]
    [InlineData(65_536, "'split.count' is 65536")]
    [InlineData(2, "the name says 3 parts, 'split.count' says 2")]
    public void Open_FirstPartMiscounted_IsRefusedByName(int count, string words) => Check(f => Write(f, 1, 0, count, 3, "a"), words);

    [Fact]
    public void Open_LaterPart_SaysToOpenTheFirst()
    {
        using var folder = Three();
        Should.Throw<CheckpointException>(() => GgufFile.Open(Part(folder, 2)))
            .Message.ShouldContain($"Open the first part: {Part(folder, 1)}");
    }

    [Fact]
    public void Open_PartUnderAnotherName_IsRefused()
    {
        using var folder = Three();
        File.Move(Part(folder, 1), folder.File("model.gguf"));
        Should.Throw<CheckpointException>(() => GgufFile.Open(folder.File("model.gguf"))).Message.ShouldContain("not named as one");
    }

    [Fact]
    public void Open_FirstPartNamedAsSecond_IsRefused()
    {
        using var folder = Three();
        File.Copy(Part(folder, 1), Part(folder, 2), overwrite: true);
        Should.Throw<CheckpointException>(() => GgufFile.Open(Part(folder, 2)))
            .Message.ShouldContain("the name says part 2, 'split.no' says the first");
    }

    [Fact]
    public void Open_WholeFileNamedAsPart_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("m-00001-of-00003.gguf", new GgufBytes().Build());
        Should.Throw<CheckpointException>(() => GgufFile.Open(path)).Message.ShouldContain("has no 'split.count'");
        GgufFile.Open(folder.Write("m-00001-of-00001.gguf", new GgufBytes().Build())).Dispose();
    }

    [Fact]
    public void Open_MergedFileWithACountOfZero_IsWhole()
    {
        using var folder = new TemporaryFolder();
        var bytes = new GgufBytes { Data = 1 }
            .Key("split.count", GgufValueType.UInt16, BitConverter.GetBytes((ushort)0))
            .Key("split.tensors.count", GgufValueType.Int32, BitConverter.GetBytes(1))
            .Tensor("a", 24, 0, 1);
        using var file = GgufFile.Open(folder.Write("merged.gguf", bytes.Build()));
        file.Tensors.Select(tensor => tensor.Name).ShouldBe(["a"]);
    }

    private static void Check(Action<TemporaryFolder> spoil, string? words)
    {
        using var folder = Three();
        spoil(folder);
        foreach (var memoryMap in (bool[])[true, false])
        {
            if (words is null)
            {
                using var file = GgufFile.Open(Part(folder, 1), memoryMap);
                file.Tensors.Select(t => t.Name).ShouldBe(["a", "b", "c"]);
            }
            else
            {
                Should.Throw<CheckpointException>(() => GgufFile.Open(Part(folder, 1), memoryMap)).Message.ShouldContain(words);
            }
        }
    }

    private static TemporaryFolder Three()
    {
        var folder = new TemporaryFolder();
        Write(folder, 1, 0, 3, 3, "a");
        Write(folder, 2, 1, 3, 3, "b");
        Write(folder, 3, 2, 3, 3, "c");
        return folder;
    }

    private static string Part(TemporaryFolder folder, int number) => folder.File($"m-0000{number}-of-00003.gguf");

    private static void Write(TemporaryFolder folder, int number, int no, int count, int total, params string[] tensors)
    {
        var bytes = new GgufBytes { Data = tensors.Length == 0 ? 0 : ((tensors.Length - 1) * 32) + 1 }
            .Key("split.no", GgufValueType.UInt16, BitConverter.GetBytes((ushort)no))
            .Key("split.count", GgufValueType.Int32, BitConverter.GetBytes(count))
            .Key("split.tensors.count", GgufValueType.Int32, BitConverter.GetBytes(total));
        for (var i = 0; i < tensors.Length; i++)
            bytes.Tensor(tensors[i], 24, (ulong)i * 32, 1);
        folder.Write(Path.GetFileName(Part(folder, number)), bytes.Build());
    }
}
