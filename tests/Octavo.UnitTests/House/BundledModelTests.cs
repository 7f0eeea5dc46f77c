using System.Security.Cryptography;
using Octavo.Core.Gguf;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.House;

public class BundledModelTests
{
    private static readonly string _folder = Repository.At("models", "smollm2-135m-instruct");

    [Fact]
    public void Parts_Sha256_EqualTheList()
    {
        var lines = File.ReadAllLines(Path.Combine(_folder, "SHA256SUMS"));
        lines.Length.ShouldBe(Directory.GetFiles(_folder, "*.gguf").Length);
        foreach (var line in lines)
        {
            using var file = File.OpenRead(Path.Combine(_folder, line[66..]));
            Convert.ToHexStringLower(SHA256.HashData(file)).ShouldBe(line[..64], line);
        }
    }

    [Fact]
    public void Parts_Size_AtMost45Megabytes() =>
        Directory.GetFiles(_folder, "*.gguf").ShouldAllBe(part => new FileInfo(part).Length <= 45_000_000);

    [Fact]
    public void Parts_AgainstThePublishedFile_AreBitIdentical()
    {
        var models = Repository.Outside("OCTAVO_MODELS");
        var original = models is null ? "" : Path.Combine(models, "SmolLM2-135M-Instruct.Q4_1.gguf");
        if (!File.Exists(original))
            Assert.Skip("OCTAVO_MODELS holds no SmolLM2-135M-Instruct.Q4_1.gguf to compare with.");
        using var whole = GgufFile.Open(original);
        using var parts = GgufFile.Open(Repository.BundledModel);
        parts.Tensors.Select(tensor => tensor.Name).ShouldBe(whole.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in whole.Tensors)
        {
            parts.TryGet(tensor.Name, out var same).ShouldBeTrue();
            same!.Type.ShouldBe(tensor.Type);
            same.Shape.ShouldBe(tensor.Shape);
            same.Bytes(0, (int)same.ByteLength).SequenceEqual(tensor.Bytes(0, (int)tensor.ByteLength)).ShouldBeTrue(tensor.Name);
        }
        foreach (var (key, value) in whole.Metadata.Values)
            parts.Metadata.Values[key].ShouldBeEquivalentTo(value, key);
    }
}
