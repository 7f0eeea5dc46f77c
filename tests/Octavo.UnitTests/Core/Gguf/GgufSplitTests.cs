using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.UnitTests.Core.Tensors;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Gguf;

public class GgufSplitTests
{
    private static readonly string[] _splitKeys = ["split.no", "split.count", "split.tensors.count"];

    [Theory]
    [InlineData("gguf/split/two-parts", 11, 10)]
    [InlineData("gguf/split/no-tensor-first", 0, 21)]
    public void Open_GoldenSplit_GivesTheTensorsOfTheWhole(string name, int first, int second)
    {
        using var whole = GgufFile.Open(Path.Combine(GoldenFolder.Find("gguf/files/llama-linear-rope"), "model.gguf"));
        using var split = GgufFile.Open(Path.Combine(GoldenFolder.Find(name), "tiny-00001-of-00002.gguf"));
        split.Parts.Select(p => p.TensorCount).ShouldBe([first, second]);
        CheckSame(split, whole);
    }

    [Theory]
    [InlineData("gguf/split/two-parts")]
    [InlineData("gguf/split/no-tensor-first")]
    public void Open_LaterPartOfGolden_SaysToOpenTheFirst(string name)
    {
        var folder = GoldenFolder.Find(name);
        Should.Throw<CheckpointException>(() => GgufFile.Open(Path.Combine(folder, "tiny-00002-of-00002.gguf")))
            .Message.ShouldContain(Path.Combine(folder, "tiny-00001-of-00002.gguf"));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(700)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void Split_AnyLimit_GivesPartsBelowItThatReadTheSame(long maxBytes)
    {
        using var folder = new TemporaryFolder();
        using var whole = Whole(folder, alignment: 64);

        var parts = GgufSplitter.Split(whole, folder.File("parts"), "tiny", maxBytes);

        parts.ShouldBe(Directory.GetFiles(folder.File("parts")).Order(StringComparer.Ordinal));
        parts.ShouldAllBe(p => new FileInfo(p).Length <= maxBytes);
        using var split = GgufFile.Open(parts[0]);
        CheckSame(split, whole);
        split.Parts.Select(p => p.Path).ShouldBe(parts);
        split.Parts.ShouldAllBe(p => p.Alignment == 64);
        split.Metadata.Values["split.no"].ShouldBe((ushort)0);
        split.Metadata.Values["split.count"].ShouldBe((ushort)parts.Count);
        split.Metadata.Values["split.tensors.count"].ShouldBe(whole.Tensors.Count);
    }

    [Fact]
    public void Split_LimitAroundThePartsSize_HoldsToTheByte()
    {
        using var folder = new TemporaryFolder();
        using var whole = Whole(folder, alignment: 32);
        var one = new FileInfo(GgufSplitter.Split(whole, folder.File("all"), "tiny", long.MaxValue).Single()).Length;
        GgufSplitter.Split(whole, folder.File("same"), "tiny", one).Count.ShouldBe(1);
        GgufSplitter.Split(whole, folder.File("less"), "tiny", one - 1).Count.ShouldBe(2);
    }

    [Fact]
    public void Split_SplitFile_IsSplitAnew()
    {
        using var folder = new TemporaryFolder();
        using var whole = Whole(folder, alignment: 32);
        using var once = GgufFile.Open(GgufSplitter.Split(whole, folder.File("once"), "a", 512)[0]);
        using var twice = GgufFile.Open(GgufSplitter.Split(once, folder.File("twice"), "b", 700)[0]);
        once.Parts.Count.ShouldBeGreaterThan(twice.Parts.Count);
        CheckSame(twice, whole);
    }

    [Fact]
    public void Split_WhatCannotBe_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var whole = Whole(folder, alignment: 32);
        void Refused(string words, string stem, long maxBytes)
        {
            Should.Throw<ConfigException>(() => GgufSplitter.Split(whole, folder.File("parts"), stem, maxBytes))
                .Message.ShouldContain(words);
            Directory.Exists(folder.File("parts")).ShouldBeFalse();
        }
        Refused("the metadata alone take", "tiny", 100);
        Refused("the tensor 'big' alone takes 256 bytes; a part may have 300", "tiny", 300);
        Refused("no stem", "", 1_000);
        Refused("no stem", "../tiny", 1_000);
        Refused("no stem", "a\\tiny", 1_000);
        GgufSplitter.Split(whole, folder.File("parts"), "tiny", 1_000);
        Should.Throw<ConfigException>(() => GgufSplitter.Split(whole, folder.File("parts"), "tiny", 1_000))
            .Message.ShouldContain("is there already");
    }

    [Fact]
    public void Split_SmolLm2_KeepsEveryBit()
    {
        using var folder = new TemporaryFolder();
        using var whole = GgufFile.Open(GoldenFolder.FindModel("SmolLM2-135M-Instruct.Q4_1.gguf"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var parts = GgufSplitter.Split(whole, folder.Path, "smollm2", 45_000_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32_000_000);
        parts.Count.ShouldBe(3);
        parts.ShouldAllBe(p => new FileInfo(p).Length <= 45_000_000);
        using var split = GgufFile.Open(parts[0]);
        CheckSame(split, whole);
    }

    internal static GgufFile Whole(TemporaryFolder folder, uint alignment)
    {
        using var lent = new LentTensors([
            new("a", TensorType.F32, [2, 3], 1), new("big", TensorType.I8, [250], 2), new("q", TensorType.Q4_0, [32], 3),
            new("d", TensorType.F16, [5], 4), new("e", TensorType.BF16, [7, 2], 5), new("f", TensorType.I8, [1], 6)]);
        var metadata = new Dictionary<string, object> { ["general.architecture"] = "llama", ["list"] = (string[])["x", "y"] };
        if (alignment != 32)
            metadata["general.alignment"] = alignment;
        GgufWriter.Write(folder.File("whole.gguf"), metadata, lent.Tensors);
        return GgufFile.Open(folder.File("whole.gguf"));
    }

    private static void CheckSame(GgufFile split, GgufFile whole)
    {
        var metadata = split.Metadata.Values.Where(p => !_splitKeys.Contains(p.Key)).ToDictionary();
        metadata.Keys.ShouldBe(whole.Metadata.Values.Keys);
        metadata.ShouldAllBe(p => GgufGen.Same(p.Value, whole.Metadata.Values[p.Key]));
        GgufWriterTests.CheckTensors(split, whole.Tensors, 1);
    }
}
