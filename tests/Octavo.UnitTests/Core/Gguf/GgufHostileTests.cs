using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.UnitTests.Core.Tensors;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Gguf;

public class GgufHostileTests
{
    private static readonly HostileFile[] _files = [.. HostileHeads.All, .. HostileTensors.All];

    public static TheoryData<string> Names => [.. _files.Select(f => f.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Open_FileAroundARule_LoadsOrIsRefusedByIt(string name) =>
        _files.Single(f => f.Name == name).Check(".gguf", GgufFile.Open);

    [Fact]
    public void Files_Hostile_AreFiftyOrMore() => _files.Count(f => f.Rule is not null).ShouldBeGreaterThanOrEqualTo(50);

    [Fact]
    public void Open_ValidFileCutAnywhere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = new GgufBytes { Data = 40 }
            .Key("a", GgufValueType.Array, GgufBytes.Array(GgufValueType.String, 2, [.. GgufBytes.Text("x"), .. GgufBytes.Text("yz")]))
            .Key("b", GgufValueType.Float64, new byte[8])
            .Tensor("t", 0, 0, 2, 2).Tensor("u", 24, 32, 8).Build();
        GgufFile.Open(folder.Write("whole.gguf", whole)).Dispose();
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Write("cut.gguf", whole[..length]);
            Should.Throw<CheckpointException>(() => GgufFile.Open(path), $"{length} bytes").Message.ShouldStartWith(path);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_NoFile_IsRefused(bool memoryMap)
    {
        using var folder = new TemporaryFolder();
        Should.Throw<CheckpointException>(() => GgufFile.Open(folder.File("none.gguf"), memoryMap)).Message.ShouldContain("no such file");
        Should.Throw<CheckpointException>(() => GgufFile.Open(folder.Path, memoryMap)).Message.ShouldContain("folder");
    }
}
