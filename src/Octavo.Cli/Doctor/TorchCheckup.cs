using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Nn;

namespace Octavo.Cli.Doctor;

/// <summary>Looks at what training needs: libtorch, its C++ library, and how the processor computes. Loads none of it.</summary>
internal static class TorchCheckup
{
    /// <summary>Everything that is looked at, in the order in which it is shown.</summary>
    public static IEnumerable<Finding> Run()
    {
        TorchStatus status;
        try
        {
            status = TorchStatus.Read();
        }
        catch (OctavoException error)
        {
            return [new Finding("libtorch", "cannot be used", error.Message)];
        }
        return [Libtorch(status), Wrapper(status), .. Own(status), HalfPrecision(File.ReadAllText("/proc/cpuinfo"))];
    }

    /// <summary>Whether products in bfloat16 are computed by the processor itself.</summary>
    /// <param name="processors">What <c>/proc/cpuinfo</c> says.</param>
    public static Finding HalfPrecision(string processors)
    {
        var flags = processors.Split('\n').FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split([' ', '\t']) ?? [];
        string[] fast = [.. flags.Where(flag => flag is "amx_bf16" or "avx512_bf16")];
        return new Finding("bf16", fast.Length > 0
            ? $"fast here ({string.Join(", ", fast)})"
            : "slower than fp32 here (neither amx_bf16 nor avx512_bf16): leave dtype at auto");
    }

    private static Finding Libtorch(TorchStatus status) => new("libtorch", status switch
    {
        { IsOwn: true } => $"{status.Version ?? "of unknown version"}, in {status.Folder}, {Rich.Bytes(status.Bytes)}",
        { Folder: { } folder } => $"{status.Version}, in {folder}, {Rich.Bytes(status.Bytes)} (shared with the packages where the disk allows links)",
        _ => $"{status.Version} is not fetched; the first `octavo train` fetches it (128 MB, needs 0.8 GB of disk), or `./setup --training` ahead",
    });

    private static Finding Wrapper(TorchStatus status)
    {
        var has = $"{status.StandardVersion} in {status.StandardLibrary}";
        return new Finding("libstdc++", status switch
        {
            { NeedsFix: false } => $"{has}: new enough for TorchSharp as it comes",
            { Folder: not null } => $"{has}: older than TorchSharp asks for; its private copy has been told not to insist (docs/training-runtime.md)",
            _ => $"{has}: older than TorchSharp asks for; a private copy will be told not to insist (docs/training-runtime.md)",
        });
    }

    private static IEnumerable<Finding> Own(TorchStatus status) =>
        [new Finding("OCTAVO_LIBTORCH", status.IsOwn ? status.Folder! : "not set; libtorch for the CPU is used")];
}
