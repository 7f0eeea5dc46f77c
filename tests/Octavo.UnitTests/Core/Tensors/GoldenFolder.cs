using System.Runtime.InteropServices;
using Octavo.Core.Safetensors;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

/// <summary>Finds goldens in the repository's golden/ folder or in OCTAVO_GOLDENS, and models in OCTAVO_MODELS.</summary>
internal static class GoldenFolder
{
    /// <summary>The folder of a golden; the test is skipped where it is nowhere.</summary>
    public static string Find(string name)
    {
        foreach (var root in (string?[])[Repository("golden"), Environment.GetEnvironmentVariable("OCTAVO_GOLDENS")])
        {
            if (root is not null && Directory.Exists(Path.Combine(root, name)))
                return Path.Combine(root, name);
        }
        Assert.Skip($"golden {name}: neither in golden/ nor in OCTAVO_GOLDENS");
        return "";
    }

    /// <summary>A file of OCTAVO_MODELS; the test is skipped where it is not there.</summary>
    public static string FindModel(string file)
    {
        var root = Environment.GetEnvironmentVariable("OCTAVO_MODELS");
        if (root is null || !File.Exists(Path.Combine(root, file)))
            Assert.Skip($"model {file}: not in OCTAVO_MODELS");
        return Path.Combine(root, file);
    }

    /// <summary>All numbers of a tensor.</summary>
    public static unsafe T[] Read<T>(this SafetensorsSource source, string name) where T : unmanaged
    {
        source.TryGet(name, out var tensor).ShouldBeTrue(name);
        tensor.ByteLength.ShouldBe(tensor.Elements * sizeof(T));
        return MemoryMarshal.Cast<byte, T>(tensor.Bytes(0, (int)tensor.ByteLength)).ToArray();
    }

    private static string? Repository(string folder)
    {
        for (var here = new DirectoryInfo(AppContext.BaseDirectory); here is not null; here = here.Parent)
        {
            if (File.Exists(Path.Combine(here.FullName, "Octavo.slnx")))
                return Path.Combine(here.FullName, folder);
        }
        return null;
    }
}
