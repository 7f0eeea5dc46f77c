using System.Runtime.InteropServices;
using Octavo.Core.Safetensors;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>
/// Llama as its formulas say, one number after another in double precision: no kernel, no cache, no description. For the tiny model of two
/// layers, width 64, 4 query heads on 2 key-value heads of 16, tied.
/// </summary>
internal sealed class ScalarLlama : IDisposable
{
    private const int Width = 64, Heads = 4, KvHeads = 2, HeadDim = 16, Layers = 2;
    private const double Theta = 10_000, Epsilon = 1e-5;

    private readonly SafetensorsSource _weights;

    public ScalarLlama(string folder) => _weights = SafetensorsSource.Open(Path.Combine(folder, "model.safetensors"));

    /// <summary>Logits of the last token.</summary>
    public double[] Logits(IReadOnlyList<int> ids)
    {
        var table = Read("model.embed_tokens.weight");
        double[][] x = [.. ids.Select(id => table.AsSpan(id * Width, Width).ToArray().Select(value => (double)value).ToArray())];
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"model.layers.{layer}.";
            double[][] normed = [.. x.Select(row => Norm(row, name + "input_layernorm.weight"))];
            var mixed = Attention(normed, name + "self_attn.");
            for (var t = 0; t < x.Length; t++)
                x[t] = Add(x[t], mixed[t]);
            for (var t = 0; t < x.Length; t++)
                x[t] = Add(x[t], Mlp(Norm(x[t], name + "post_attention_layernorm.weight"), name + "mlp."));
        }
        return Product(Norm(x[^1], "model.norm.weight"), table);
    }

    public void Dispose() => _weights.Dispose();

    private double[][] Attention(double[][] x, string name)
    {
        float[] wq = Read(name + "q_proj.weight"), wk = Read(name + "k_proj.weight"), wv = Read(name + "v_proj.weight"), wo = Read(name + "o_proj.weight");
        double[][] q = [.. x.Select((row, t) => Rotate(Product(row, wq), t))];
        double[][] k = [.. x.Select((row, t) => Rotate(Product(row, wk), t))];
        double[][] v = [.. x.Select(row => Product(row, wv))];
        return [.. x.Select((_, t) =>
        {
            var joined = new double[Heads * HeadDim];
            for (var head = 0; head < Heads; head++)
            {
                var (at, from) = (head * HeadDim, head / (Heads / KvHeads) * HeadDim);
                var scores = Enumerable.Range(0, t + 1)
                    .Select(s => Enumerable.Range(0, HeadDim).Sum(i => q[t][at + i] * k[s][from + i]) / Math.Sqrt(HeadDim)).ToArray();
                var most = scores.Max();
                var sum = scores.Sum(score => Math.Exp(score - most));
                for (var i = 0; i < HeadDim; i++)
                    joined[at + i] = Enumerable.Range(0, t + 1).Sum(s => Math.Exp(scores[s] - most) / sum * v[s][from + i]);
            }
            return Product(joined, wo);
        })];
    }

    private double[] Mlp(double[] x, string name)
    {
        var gate = Product(x, Read(name + "gate_proj.weight"));
        var up = Product(x, Read(name + "up_proj.weight"));
        return Product([.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)], Read(name + "down_proj.weight"));
    }

    // pairs are (i, i + half a head)
    private static double[] Rotate(double[] row, int position)
    {
        var turned = new double[row.Length];
        for (var at = 0; at < row.Length; at += HeadDim)
        {
            for (var i = 0; i < HeadDim / 2; i++)
            {
                var (sin, cos) = Math.SinCos(position * Math.Pow(Theta, -2.0 * i / HeadDim));
                var (a, b) = (row[at + i], row[at + i + (HeadDim / 2)]);
                turned[at + i] = (a * cos) - (b * sin);
                turned[at + i + (HeadDim / 2)] = (b * cos) + (a * sin);
            }
        }
        return turned;
    }

    private double[] Norm(double[] x, string name)
    {
        var scale = 1 / Math.Sqrt(x.Average(value => value * value) + Epsilon);
        return [.. x.Zip(Read(name), (value, weight) => value * scale * weight)];
    }

    private static double[] Product(double[] x, float[] rows) =>
        [.. Enumerable.Range(0, rows.Length / x.Length).Select(row => Enumerable.Range(0, x.Length).Sum(i => x[i] * rows[(row * x.Length) + i]))];

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private float[] Read(string name)
    {
        _weights.TryGet(name, out var tensor).ShouldBeTrue(name);
        return MemoryMarshal.Cast<byte, float>(tensor!.Bytes(0, (int)tensor.ByteLength)).ToArray();
    }
}
