using CsCheck;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.UnitTests.Core.Tensors;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Gguf;

public unsafe class GgufWriterTests
{
    private static readonly TensorType[] _types =
        [.. Enum.GetValues<TensorType>().Where(t => GgmlTypes.TryWrite(t, out _))];

    [Fact]
    public void Write_AnyMetadataAndTensors_ReadsBackTheSame()
    {
        Gen.Select(GgufGen.Metadata, GgufGen.Tensors(_types), Gen.OneOf(1u, 8u, 32u, 64u, 4096u)).Sample((metadata, specs, alignment) =>
        {
            using var folder = new TemporaryFolder();
            using var lent = new LentTensors(specs);
            var values = new Dictionary<string, object>(metadata);
            if (alignment != 32)
                values["general.alignment"] = alignment;
            var path = folder.File("a.gguf");

            GgufWriter.Write(path, values, lent.Tensors);

            using var file = GgufFile.Open(path);
            file.FormatVersion.ShouldBe(3);
            file.Alignment.ShouldBe((int)alignment);
            file.Metadata.Values.Keys.ShouldBe(values.Keys);
            foreach (var (key, value) in values)
                GgufGen.Same(file.Metadata.Values[key], value).ShouldBeTrue(key);
            CheckTensors(file, lent.Tensors, alignment);
            Directory.GetFiles(folder.Path).ShouldBe([path]);
        }, iter: 200);
    }

    [Fact]
    public void Write_EveryGolden_ReadsBackTheSame()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in Directory.GetFiles(GoldenFolder.Find("gguf/files"), "*.gguf", SearchOption.AllDirectories))
        {
            using var source = GgufFile.Open(path);
            GgufWriter.Write(folder.File("a.gguf"), source.Metadata.Values, source.Tensors, overwrite: true);
            using var copy = GgufFile.Open(folder.File("a.gguf"));
            copy.Metadata.Values.Keys.ShouldBe(source.Metadata.Values.Keys);
            source.Metadata.Values.ShouldAllBe(pair => GgufGen.Same(copy.Metadata.Values[pair.Key], pair.Value));
            CheckTensors(copy, source.Tensors, 32);
        }
    }

    [Fact]
    public void Write_FileIsThere_IsRefusedUnlessTold()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.gguf", [1, 2, 3]);
        var metadata = new Dictionary<string, object> { ["a"] = 1 };

        Should.Throw<ConfigException>(() => GgufWriter.Write(path, metadata, [])).Message.ShouldContain("is there already");
        File.ReadAllBytes(path).ShouldBe([1, 2, 3]);

        GgufWriter.Write(path, metadata, [], overwrite: true);
        using var file = GgufFile.Open(path);
        file.Metadata.Get<int>("a").ShouldBe(1);
    }

    [Fact]
    public void Write_WhatGgufHasNot_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.gguf");
        void Refused<T>(string words, object value, params TensorSpec[] specs) where T : OctavoException
        {
            using var lent = new LentTensors(specs);
            Should.Throw<T>(() => GgufWriter.Write(path, new Dictionary<string, object> { ["k"] = value }, lent.Tensors))
                .Message.ShouldContain(words);
            Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
        }
        Refused<UnsupportedException>("Decimal", 1m);
        Refused<UnsupportedException>("Char[]", new char[1]);
        Refused<UnsupportedException>("mixes arrays", new object[] { new int[1], 1 });
        Refused<UnsupportedException>("nested more than 4", new object[] { new object[] { new object[] { new object[] { new int[1] } } } });
        Refused<UnsupportedException>("half a surrogate", "\ud83d");
        Refused<UnsupportedException>("no type for F8E4M3", 1, new TensorSpec("t", TensorType.F8E4M3, [4], 1));
        Refused<UnsupportedException>("no type for Bool", 1, new TensorSpec("t", TensorType.Bool, [4], 1));
        Refused<UnsupportedException>("up to 4 dimensions", 1, new TensorSpec("t", TensorType.F32, [1, 1, 1, 1, 1], 1));
        Refused<UnsupportedException>("up to 4 dimensions", 1, new TensorSpec("t", TensorType.F32, [0], 1));
        Refused<ShapeException>("do not fill whole blocks", 1, new TensorSpec("t", TensorType.Q4_0, [2, 16], 1));
        Refused<ConfigException>("two tensors are called 't'", 1, new TensorSpec("t", TensorType.F32, [1], 1),
            new TensorSpec("t", TensorType.F32, [1], 2));
        Should.Throw<ConfigException>(() => GgufWriter.Write(folder.File("no/a.gguf"), new Dictionary<string, object>(), []));
        var wrong = new Dictionary<string, object> { ["general.alignment"] = 33u };
        Should.Throw<ConfigException>(() => GgufWriter.Write(path, wrong, [])).Message.ShouldContain("general.alignment is 33");
    }

    [Fact]
    public void Write_Scalar_BecomesOneDimension()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors([new TensorSpec("s", TensorType.F32, [], 9)]);
        GgufWriter.Write(folder.File("a.gguf"), new Dictionary<string, object>(), lent.Tensors);
        using var file = GgufFile.Open(folder.File("a.gguf"));
        file.Tensors[0].Shape.ShouldBe([1]);
        file.Tensors[0].Bytes(0, 4).SequenceEqual(lent.Tensors[0].Bytes(0, 4)).ShouldBeTrue();
    }

    internal static void CheckTensors(GgufFile file, IReadOnlyList<StoredTensor> expected, long alignment)
    {
        file.Tensors.Count.ShouldBe(expected.Count);
        foreach (var (found, wanted) in file.Tensors.Zip(expected))
        {
            found.Name.ShouldBe(wanted.Name);
            found.Type.ShouldBe(wanted.Type);
            found.Shape.ShouldBe(wanted.Shape);
            ((long)found.Data % alignment).ShouldBe(0);
            var length = (int)wanted.ByteLength;
            found.Bytes(0, length).SequenceEqual(wanted.Bytes(0, length)).ShouldBeTrue(wanted.Name);
        }
    }
}
