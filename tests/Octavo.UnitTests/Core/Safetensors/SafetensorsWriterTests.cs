using System.Text;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Gguf;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Core.Safetensors;

public class SafetensorsWriterTests
{
    private static readonly TensorType[] _types =
    [
        TensorType.U64, TensorType.I64, TensorType.F64, TensorType.F32, TensorType.U32, TensorType.I32, TensorType.BF16, TensorType.F16,
        TensorType.U16, TensorType.I16, TensorType.F8E4M3, TensorType.F8E5M2, TensorType.I8, TensorType.U8, TensorType.Bool,
    ];

    [Fact]
    public void Write_NoTensors_IsAnEmptyObjectPadded()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("a.safetensors"), []);
        File.ReadAllBytes(folder.File("a.safetensors")).ShouldBe([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8]);
        SafetensorsWriter.Write(folder.File("b.safetensors"), [], new Dictionary<string, string> { ["z"] = "1", ["format"] = "pt" });
        File.ReadAllText(folder.File("b.safetensors"))[8..].ShouldBe("{\"__metadata__\":{\"format\":\"pt\",\"z\":\"1\"}}");
    }

    [Fact]
    public void Write_TensorsOfAllTypes_StandByWidthThenByName()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors(_types.Reverse().SelectMany((type, i) => new[]
        {
            new TensorSpec($"z{type}", type, [2], (ulong)i), new TensorSpec($"a{type}", type, [], (ulong)i + 100),
        }));
        SafetensorsWriter.Write(folder.File("a.safetensors"), lent.Tensors);
        using var source = SafetensorsSource.Open(folder.File("a.safetensors"));
        source.Tensors.Select(tensor => tensor.Name).ShouldBe(_types.SelectMany(type => new[] { $"a{type}", $"z{type}" }));
    }

    [Fact]
    public void Write_OneTensor_IsThisHeader()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors([new TensorSpec("b.\"ü\"\\\n\u0001\u007f😀", TensorType.F32, [2, 0, 3], 1), new TensorSpec("a", TensorType.U8, [3], 2)]);
        SafetensorsWriter.Write(folder.File("a.safetensors"), lent.Tensors);
        var bytes = File.ReadAllBytes(folder.File("a.safetensors"));
        var text = Encoding.UTF8.GetString(bytes, 8, (int)BitConverter.ToInt64(bytes));
        text.ShouldBe("{\"b.\\\"ü\\\"\\\\\\n\\u0001\u007f😀\":{\"dtype\":\"F32\",\"shape\":[2,0,3],\"data_offsets\":[0,0]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}" + new string(' ', text.Length - text.TrimEnd().Length));
        (BitConverter.ToInt64(bytes) % 8).ShouldBe(0);
        bytes[^3..].ShouldBe(lent.Tensors[1].Bytes(0, 3).ToArray());
    }

    // U+FFFD goes before U+1F600 by its bytes and behind it by UTF-16.
    [Fact]
    public void Write_NamesBeyondTheBasicPlane_StandByTheirBytes()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors([new TensorSpec("\U0001F600", TensorType.U8, [1], 1), new TensorSpec("\uFFFD", TensorType.U8, [1], 2)]);
        SafetensorsWriter.Write(folder.File("a.safetensors"), lent.Tensors);
        using var source = SafetensorsSource.Open(folder.File("a.safetensors"));
        source.Tensors.Select(tensor => tensor.Name).ShouldBe(["\uFFFD", "\U0001F600"]);
    }

    /// <summary>The goldens' files were written by the reference library: written again, they must be the same bytes.</summary>
    [Fact]
    public void Write_EveryFileOfTheReferenceLibrary_IsTheSameAgain()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.safetensors");
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(GoldenFolder.Find(""), "*.safetensors", SearchOption.AllDirectories))
        {
            using var source = SafetensorsSource.Open(file);
            // The library writes several texts in no certain order.
            if (source.Metadata.Count > 1)
                continue;
            SafetensorsWriter.Write(path, source.Tensors, source.Metadata.Count == 0 ? null : source.Metadata, overwrite: true);
            File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(file)).ShouldBeTrue(file);
            count++;
        }
        count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Write_AnyTensorsInAnyOrder_ReadsBackTheSameAndIsTheSameFile()
    {
        Gen.Select(GgufGen.Tensors(_types), Gen.ULong).Sample((specs, seed) =>
        {
            using var folder = new TemporaryFolder();
            using var lent = new LentTensors(specs);
            SafetensorsWriter.Write(folder.File("a.safetensors"), lent.Tensors);
            var random = new SeededRandom(seed);
            SafetensorsWriter.Write(folder.File("b.safetensors"), [.. lent.Tensors.OrderBy(_ => random.NextUInt64())]);
            File.ReadAllBytes(folder.File("b.safetensors")).ShouldBe(File.ReadAllBytes(folder.File("a.safetensors")));
            using var source = SafetensorsSource.Open(folder.File("a.safetensors"));
            CheckSame(source, lent.Tensors);
            Directory.GetFiles(folder.Path).Length.ShouldBe(2);
        }, iter: 100);
    }

    [Fact]
    public void Write_WhatSafetensorsHasNot_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.safetensors");
        void Refused<T>(string words, params TensorSpec[] specs) where T : OctavoException
        {
            using var lent = new LentTensors(specs);
            Should.Throw<T>(() => SafetensorsWriter.Write(path, lent.Tensors)).Message.ShouldContain(words);
            Should.Throw<T>(() => SafetensorsWriter.WriteFolder(folder.Path, lent.Tensors)).Message.ShouldContain(words);
            Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
        }
        Refused<UnsupportedException>("no type for Q4_0 of 't'", new TensorSpec("t", TensorType.Q4_0, [32], 1));
        Refused<UnsupportedException>("'__metadata__', which safetensors keeps", new TensorSpec("__metadata__", TensorType.F32, [1], 1));
        Refused<UnsupportedException>("half a surrogate", new TensorSpec("\ud83d", TensorType.F32, [1], 1));
        Refused<UnsupportedException>("has 17 dimensions", new TensorSpec("t", TensorType.F32, [.. Enumerable.Repeat(1L, 17)], 1));
        Refused<ConfigException>("two tensors are called 't'", new TensorSpec("t", TensorType.F32, [1], 1), new TensorSpec("t", TensorType.U8, [1], 1));
        Should.Throw<ConfigException>(() => SafetensorsWriter.Write(folder.File("no/a.safetensors"), []));
        Should.Throw<ArgumentOutOfRangeException>(() => SafetensorsWriter.WriteFolder(folder.Path, [], shardBytes: 0));
    }

    [Fact]
    public void Write_FileIsThere_IsRefusedUnlessTold()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.safetensors", [1, 2, 3]);
        Should.Throw<ConfigException>(() => SafetensorsWriter.Write(path, [])).Message.ShouldContain("is there already");
        File.ReadAllBytes(path).ShouldBe([1, 2, 3]);
        SafetensorsWriter.Write(path, [], overwrite: true);
        SafetensorsSource.Open(path).Dispose();
    }

    [Fact]
    public void Write_OverTheFileThatIsRead_KeepsItsNumbers()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors([new TensorSpec("a", TensorType.F32, [64], 1)]);
        SafetensorsWriter.WriteFolder(folder.Path, lent.Tensors);
        using var source = SafetensorsSource.Open(folder.Path);
        SafetensorsWriter.WriteFolder(folder.Path, source.Tensors, overwrite: true);
        using var again = SafetensorsSource.Open(folder.Path);
        CheckSame(again, lent.Tensors);
    }

    internal static void CheckSame(TensorSource source, IReadOnlyList<StoredTensor> expected)
    {
        source.Tensors.Count.ShouldBe(expected.Count);
        foreach (var wanted in expected)
        {
            source.TryGet(wanted.Name, out var found).ShouldBeTrue(wanted.Name);
            found.Type.ShouldBe(wanted.Type);
            found.Shape.ShouldBe(wanted.Shape);
            found.Bytes(0, (int)found.ByteLength).SequenceEqual(wanted.Bytes(0, (int)wanted.ByteLength)).ShouldBeTrue(wanted.Name);
        }
    }
}
