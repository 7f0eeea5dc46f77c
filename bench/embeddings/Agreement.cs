using System.Runtime.InteropServices;
using System.Text.Json;
using Octavo.Core.Safetensors;

namespace Octavo.Bench.Embeddings;

/// <summary>Whether all contenders compute the same thing.</summary>
internal static class Agreement
{
    private const double Least = 0.9999;

    /// <summary>The least cosine between the contenders' embeddings and those of the first.</summary>
    public static double OfAll(IContender[] contenders, int[][] ids)
    {
        var expected = contenders[0].Embed(ids);
        return contenders.Skip(1).Select(contender => Cosine(expected, contender.Embed(ids), contender.Name)).Min();
    }

    /// <summary>The least cosine between a contender's embeddings and the golden ones of the reference library.</summary>
    public static double WithGolden(IContender contender, string root)
    {
        var folder = Path.Combine(root, "golden/minilm");
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cases.json")));
        var ids = cases.RootElement.EnumerateArray()
            .Select(one => one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray()).ToArray();
        using var golden = SafetensorsSource.Open(Path.Combine(folder, "io.safetensors"));
        var tensor = golden.Tensors.Single(one => one.Name == "out.embedding");
        var numbers = MemoryMarshal.Cast<byte, float>(tensor.Bytes(0, (int)tensor.ByteLength)).ToArray();
        return Cosine([.. numbers.Chunk((int)tensor.Shape[1])], contender.Embed(ids), $"{contender.Name} (golden)");
    }

    private static double Cosine(float[][] expected, float[][] actual, string who)
    {
        var least = expected.Zip(actual, Cosine).Min();
        return least >= Least
            ? least
            : throw new InvalidOperationException($"{who}: an embedding has the cosine {least:F6} to what is expected; nothing is timed.");
    }

    private static double Cosine(float[] a, float[] b)
    {
        var (product, squaresA, squaresB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squaresA += (double)a[i] * a[i];
            squaresB += (double)b[i] * b[i];
        }
        return product / Math.Sqrt(squaresA * squaresB);
    }
}
