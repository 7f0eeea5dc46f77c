using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models.Configs;

namespace Octavo.Models.Checkpoints;

/// <summary>
/// Checkpoints whose weights are 8-bit floats to be multiplied by scales that stand beside them. Without the scales every weight would be
/// wrong by a factor and nothing would say so, therefore they are refused. 8-bit floats without scales are plain numbers and are read.
/// </summary>
internal static class ScaledFloat8
{
    // compressed-tensors and modelopt write weight_scale and input_scale, DeepSeek's block format weight_scale_inv.
    private static readonly string[] _suffixes = ["_scale", "_scale_inv"];

    /// <summary>Refuses 8-bit floats with scales.</summary>
    /// <exception cref="UnsupportedException">There are such; the message names both and says what to take instead.</exception>
    public static void Refuse(TensorSource source)
    {
        var scaled = source.Tensors.FirstOrDefault(tensor => tensor.Type is TensorType.F8E4M3 or TensorType.F8E5M2);
        if (scaled is null)
            return;
        var scales = source.Tensors.Where(tensor => _suffixes.Any(suffix => tensor.Name.EndsWith(suffix, StringComparison.Ordinal))).ToList();
        if (scales.Count == 0)
            return;
        throw new UnsupportedException(
            $"{source.Location}: the weights are 8-bit floats ({ConfigReader.Printable(scaled.Name, 90)} is {scaled.Type}) with scales of their own "
            + $"({scales.Count} tensors, such as {ConfigReader.Printable(scales[0].Name, 90)}), which are not applied here. "
            + "Take the model's BF16 or F16 checkpoint, or a GGUF file of it; 8-bit floats without scales are read.");
    }
}
