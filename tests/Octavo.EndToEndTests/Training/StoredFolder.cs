using System.Security.Cryptography;
using System.Text.Json;
using Octavo.Core.Tensors;
using Octavo.Models;
using Shouldly;

namespace Octavo.EndToEndTests.Training;

/// <summary>Looks at a checkpoint as somebody would who has only its files.</summary>
internal static class StoredFolder
{
    /// <summary>Fails where a file of the manifest is not there or differs from its hash, or where the folder does not open as a model.</summary>
    public static void RequireWhole(string folder)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
        var files = manifest.RootElement.GetProperty("files").EnumerateArray().ToList();
        files.Count.ShouldBeGreaterThan(2, folder);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, file.GetProperty("name").GetString()!));
            bytes.LongLength.ShouldBe(file.GetProperty("size").GetInt64(), folder);
            Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(file.GetProperty("sha256").GetString(), folder);
        }
        using var checkpoint = Checkpoint.Open(folder);
        checkpoint.Resolve(checkpoint.Model.Stacks[0].Input.Table).Type.ShouldBe(TensorType.F32, folder);
    }
}
