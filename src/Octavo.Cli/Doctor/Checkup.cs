using System.Globalization;
using System.Runtime.InteropServices;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Doctor;

/// <summary>Looks at the machine: what Octavo needs, whether it is there, and what to do where it is not.</summary>
internal static class Checkup
{
    private const long LittleMemory = 1L << 30;
    private const long LittleDisk = 1L << 30;

    private static readonly string[] _localeVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Everything that is looked at, in the order in which it is shown.</summary>
    public static IReadOnlyList<Finding> Run() =>
        [Version(), Runtime(), Processor(), InstructionSet(), Threads(), Memory(), Disk(), BundledModel(), .. ModelFolders(), .. TorchCheckup.Run(), Locale()];

    private static Finding Version() => new("octavo", $"{RootHelp.Version}, in {Installation.Root}");

    private static Finding Runtime() => new("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}");

    private static Finding Processor() => new("processor", ProcessorName.Read() ?? RuntimeInformation.ProcessArchitecture.ToString());

    private static Finding InstructionSet()
    {
        var name = InstructionSets.Available[0];
        return new Finding("instruction set", name, name is "v128" or "scalar"
            ? "This processor, or the virtual machine around it, has no AVX2: answers come several times slower. Run on one that has it."
            : null);
    }

    private static Finding Threads()
    {
        var usable = Environment.ProcessorCount;
        return new Finding("processors", $"{usable} usable", usable == 1
            ? "One processor leaves no room to compute in parallel. Give the container or the virtual machine more."
            : null);
    }

    private static Finding Memory()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new Finding("memory", Rich.Bytes(memory), memory < LittleMemory
            ? "The bundled model needs about 0.5 GB at its full context. Give --context 1024 or raise the memory limit."
            : null);
    }

    private static Finding Disk()
    {
        var drive = new DriveInfo(Installation.Root);
        return new Finding("disk", $"{Rich.Bytes(drive.AvailableFreeSpace)} free", drive.AvailableFreeSpace < LittleDisk
            ? "Little space is left for models. Free some."
            : null);
    }

    private static Finding BundledModel()
    {
        try
        {
            return new Finding("bundled model", Installation.Models.Resolve(Installation.BundledModel));
        }
        catch (OctavoException)
        {
            return new Finding(
                "bundled model", "not found",
                $"`chat` and `generate` need --model without it. Restore models/{Installation.BundledModel} (git checkout models), or clone again.", Blocks: true);
        }
    }

    private static IEnumerable<Finding> ModelFolders()
    {
        var listed = Environment.GetEnvironmentVariable("OCTAVO_MODELS");
        if (string.IsNullOrEmpty(listed))
            yield return new Finding("OCTAVO_MODELS", "not set; only the installation's models/ and the hub cache are searched");
        foreach (var folder in (listed ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Directory.Exists(folder)
                ? new Finding("OCTAVO_MODELS", folder)
                : new Finding("OCTAVO_MODELS", $"{folder} does not exist", $"Make the folder, or take it out of OCTAVO_MODELS.");
        }
        var models = Installation.Models.List();
        yield return new Finding("models", string.Create(CultureInfo.InvariantCulture, $"{models.Count} found (`octavo list` names them)"));
    }

    private static Finding Locale()
    {
        var locale = _localeVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        var isUtf8 = locale is null || locale.Contains("utf", StringComparison.OrdinalIgnoreCase);
        return new Finding("text encoding", locale ?? "no locale set; UTF-8 is written", isUtf8
            ? null
            : "Octavo writes UTF-8, and this locale says otherwise: letters may look wrong. Set LANG=C.UTF-8.");
    }
}
