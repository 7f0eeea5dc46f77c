namespace Octavo.Engine.Kernels;

internal static class KernelChoice
{
    public static KernelSet Select(string? forced) => throw new Octavo.Core.UnsupportedException(forced ?? "");
}
