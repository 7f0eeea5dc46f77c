namespace Octavo.Tools.Roofline;

/// <summary>The points as a table in Markdown.</summary>
internal static class Table
{
    public static void Write(TextWriter output, Roof roof)
    {
        var limits = roof.Limits;
        output.WriteLine(
            $"{limits.Set}, one thread: read {limits.ReadGbS:f1} GB/s, fp32 {limits.Fp32GflopS:f0} GOP/s, int8 {limits.Int8GopS:f0} GOP/s "
            + $"({limits.Int8Form}), 16-bit activations half of it");
        output.WriteLine();
        output.WriteLine("| kernel | operations per byte | GB/s | GOP/s | share of the roof above it |");
        output.WriteLine("|---|--:|--:|--:|--:|");
        foreach (var kernel in roof.Kernels)
        {
            output.WriteLine(
                $"| {kernel.Name} | {kernel.Intensity:f1} | {kernel.GbS:f1} | {kernel.GopS:f1} | {100 * kernel.GopS / roof.Above(kernel):f0} % |");
        }
        output.WriteLine();
    }
}
