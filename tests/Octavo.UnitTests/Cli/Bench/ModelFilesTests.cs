using Octavo.Cli.Bench;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Bench;

public sealed class ModelFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_OfASplit_AreThoseOfItsOwnParts()
    {
        foreach (var (name, length) in new[] { ("a-00001-of-00002", 3), ("a-00002-of-00002", 5), ("a-00001-of-00003", 7), ("b-00001-of-00002", 11), ("a", 13) })
            _folder.Write(name + ".gguf", new byte[length]);
        ModelFiles.Files(_folder.File("a-00002-of-00002.gguf")).ShouldBe([_folder.File("a-00001-of-00002.gguf"), _folder.File("a-00002-of-00002.gguf")]);
        ModelFiles.Bytes(_folder.File("a-00001-of-00002.gguf")).ShouldBe(8);
        ModelFiles.Name(_folder.File("a-00001-of-00002.gguf")).ShouldBe("a.gguf");
        ModelFiles.Bytes(_folder.File("a.gguf")).ShouldBe(13);
        ModelFiles.Name(_folder.File("a.gguf")).ShouldBe("a.gguf");
    }

    [Fact]
    public void Bytes_OfAFolder_AreThoseOfItsShards()
    {
        _folder.Write("pytorch_model.bin", new byte[5]);
        _folder.Write("optimizer.bin", new byte[11]);
        ModelFiles.Bytes(_folder.Path).ShouldBe(5);
        _folder.Write("model-00001-of-00002.safetensors", new byte[3]);
        _folder.Write("model-00002-of-00002.safetensors", new byte[4]);
        _folder.Write("config.json", new byte[9]);
        ModelFiles.Bytes(_folder.Path).ShouldBe(7);
        ModelFiles.Name(_folder.Path + "/").ShouldBe(Path.GetFileName(_folder.Path));
    }
}
