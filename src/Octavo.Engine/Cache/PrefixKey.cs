using System.Globalization;
using System.Runtime.InteropServices;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Cache;

/// <summary>
/// Names everything that decides the bits of a stored page but its tokens: the weights, the description (rotary regime included), the
/// page's shape and numbers, the width of activations, the instruction set, and this build of the engine and its runtime. Weights are known by name,
/// type, shape and 192 bytes of each tensor (beginning, middle, end): hashing all of them would read the whole file at every start.
/// A checkpoint of the same layout that differs only between these samples is not told apart.
/// </summary>
internal static class PrefixKey
{
    private const int SampleBytes = 64;

    /// <summary>The key of a loaded model.</summary>
    public static UInt128 Of(LanguageModel model) => new(Sum(model, 1), Sum(model, 2));

    private static ulong Sum(LanguageModel model, ulong seed)
    {
        var sum = new Checksum(seed);
        sum.Add(typeof(PrefixKey).Module.ModuleVersionId.ToString());
        sum.Add(RuntimeInformation.FrameworkDescription);
        sum.Add(RuntimeInformation.RuntimeIdentifier);
        sum.Add(model.InstructionSet);
        var pages = model.Pages;
        sum.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.ActivationBits} {model.KvType} {PagePool.Positions} {pages.PageBytes} {pages.Layout.HeadDim} {model.Layers}"));
        Describe(ref sum, model);
        foreach (var tensor in model.Checkpoint.Weights.Tensors)
            Sample(ref sum, tensor);
        return sum.Value;
    }

    private static void Describe(ref Checksum sum, LanguageModel model)
    {
        var description = model.Checkpoint.Model;
        sum.Add(description.Architecture);
        foreach (var stack in description.Stacks)
        {
            sum.Add(stack.Input.ToString());
            // Records print their numbers; lists in them are shapes, which the tensors tell.
            foreach (var part in stack.Layers.SelectMany(layer => layer.Parts))
                sum.Add(part.ToString());
        }
    }

    private static void Sample(ref Checksum sum, StoredTensor tensor)
    {
        sum.Add(string.Create(CultureInfo.InvariantCulture, $"{tensor.Name} {tensor.Type} {string.Join('x', tensor.Shape)}"));
        var length = (int)Math.Min(SampleBytes, tensor.ByteLength);
        sum.Add(tensor.Bytes(0, length));
        sum.Add(tensor.Bytes((tensor.ByteLength - length) / 2, length));
        sum.Add(tensor.Bytes(tensor.ByteLength - length, length));
    }
}
