using System.Text.Json;
using Octavo.Core.TorchPickle;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>Checkpoints that torch itself wrote (<c>written/make.py</c>), in both forms, with what it says is in them.</summary>
public class WrittenByTorchTests
{
    private static readonly string _folder = Repository.At("tests", "Octavo.UnitTests", "Core", "TorchPickle", "written");

    private static readonly Dictionary<string, string> _types = new()
    {
        ["float32"] = "F32", ["float16"] = "F16", ["bfloat16"] = "BF16", ["float64"] = "F64", ["int64"] = "I64", ["int32"] = "I32", ["int16"] = "I16",
        ["int8"] = "I8", ["uint8"] = "U8", ["bool"] = "Bool",
    };

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(_folder)
        .Where(file => Path.GetExtension(file) is ".pt" or ".pth" or ".bin").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void Open_FileOfTorch_GivesWhatTorchSays(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "expected.json")));
        var expected = document.RootElement.GetProperty(name);
        using var source = TorchPickleSource.Open(Path.Combine(_folder, name));
        var entry = expected.GetProperty("entry").GetString();
        source.Notes.Count.ShouldBe(entry is null ? 0 : 1);
        if (entry is not null)
            source.Notes[0].ShouldStartWith($"The weights are the file's entry '{entry}'");
        source.Tensors.Count.ShouldBe(expected.GetProperty("tensors").GetArrayLength());
        foreach (var (found, said) in source.Tensors.Zip(expected.GetProperty("tensors").EnumerateArray()))
        {
            found.Name.ShouldBe(said.GetProperty("name").GetString());
            found.Type.ToString().ShouldBe(_types[said.GetProperty("type").GetString()!], found.Name);
            found.Shape.ShouldBe(said.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), found.Name);
            Convert.ToHexStringLower(found.Bytes(0, (int)found.ByteLength)).ShouldBe(said.GetProperty("bytes").GetString(), found.Name);
        }
    }

    [Fact]
    public void Files_OfTheFolder_AreAllExpected()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "expected.json")));
        document.RootElement.EnumerateObject().Select(file => file.Name).Order(StringComparer.Ordinal).ShouldBe(Files.Select(row => row.Data));
    }

    /// <summary>What the tests' own writer makes of a state dict is what torch makes of it, byte for byte.</summary>
    [Fact]
    public void OwnWriter_PickleOfAStateDict_IsTorchs()
    {
        var written = File.ReadAllBytes(Path.Combine(_folder, "types.pt"));
        string[] storages = ["FloatStorage", "HalfStorage", "BFloat16Storage", "DoubleStorage", "LongStorage", "IntStorage", "ShortStorage", "CharStorage",
            "ByteStorage", "BoolStorage"];
        var own = new TorchBytes().Write(new TorchDict([.. _types.Keys.Zip(storages).Select(pair => ((object?)$"t.{pair.First}",
            (object?)new TorchTensor(HonestCheckpoints.Storage(pair.Second, 6), [2, 3])))]));
        written.AsSpan(64, own.Length).SequenceEqual(own).ShouldBeTrue();
    }
}
