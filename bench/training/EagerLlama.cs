using Octavo.Nn.Decoder;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Octavo.Bench.Training;

/// <summary>
/// <c>peer.py</c> operation for operation, in libtorch's own operations and with its autograd: what PyTorch of this libtorch's version runs
/// eagerly, without Python's part of the time. fp32; SmolLM2-135M's shape.
/// </summary>
internal sealed class EagerLlama
{
    private const int Layers = 30, Heads = 9, KvHeads = 3, Width = 64;
    private const double Epsilon = 1e-5, Theta = 100_000;

    private readonly Dictionary<string, Parameter> _weights;
    private readonly Dictionary<string, (Parameter A, Parameter B)> _adapters = [];

    /// <param name="decoder">Where the weights are from; it keeps them.</param>
    /// <param name="rank">Of adapters on every linear layer but the head, which are trained alone then.</param>
    public EagerLlama(TrainableDecoder decoder, int? rank)
    {
        if (decoder.Layers != Layers || decoder.Model.HiddenSize != Heads * Width)
            throw new ArgumentException("--eager has SmolLM2-135M's shape written into it.");
        _weights = decoder.Trained.ToDictionary(weight => weight.Name, weight => new Parameter(weight.Value.detach(), rank is null));
        if (rank is not { } r)
            return;
        foreach (var (name, weight) in _weights)
        {
            if (!name.EndsWith("_proj.weight", StringComparison.Ordinal))
                continue;
            var a = empty(r, weight.shape[1]);
            nn.init.kaiming_uniform_(a, Math.Sqrt(5));
            _adapters[name] = (new Parameter(a), new Parameter(zeros(weight.shape[0], r)));
        }
    }

    public IReadOnlyList<Parameter> Trained => _adapters.Count == 0 ? [.. _weights.Values] : [.. _adapters.Values.SelectMany(pair => (Parameter[])[pair.A, pair.B])];

    /// <summary>The mean cross-entropy of labels shifted by one, over full logits.</summary>
    /// <param name="ids">[B, T]</param>
    public Tensor Loss(Tensor ids)
    {
        var logits = Logits(ids);
        var (length, vocabulary) = (ids.shape[1], logits.shape[2]);
        return F.cross_entropy(logits.narrow(1, 0, length - 1).reshape(-1, vocabulary), ids.narrow(1, 1, length - 1).reshape(-1));
    }

    private Tensor Logits(Tensor ids)
    {
        var embeddings = _weights["model.embed_tokens.weight"];
        var x = embeddings.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], -1);
        var (cos, sin) = Rotary(ids.shape[1]);
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            x = x + Attention(Norm(x, prefix + "input_layernorm.weight"), prefix + "self_attn.", cos, sin);
            x = x + Mlp(Norm(x, prefix + "post_attention_layernorm.weight"), prefix + "mlp.");
        }
        return F.linear(Norm(x, "model.norm.weight"), embeddings);
    }

    private Tensor Attention(Tensor x, string prefix, Tensor cos, Tensor sin)
    {
        var (batch, length) = (x.shape[0], x.shape[1]);
        var q = Rotate(Linear(x, prefix + "q_proj.weight").view(batch, length, Heads, Width).transpose(1, 2), cos, sin);
        var k = Rotate(Linear(x, prefix + "k_proj.weight").view(batch, length, KvHeads, Width).transpose(1, 2), cos, sin);
        var v = Linear(x, prefix + "v_proj.weight").view(batch, length, KvHeads, Width).transpose(1, 2);
        k = k.repeat_interleave(Heads / KvHeads, 1);
        v = v.repeat_interleave(Heads / KvHeads, 1);
        var mixed = F.scaled_dot_product_attention(q, k, v, is_casual: true);
        return Linear(mixed.transpose(1, 2).reshape(batch, length, Heads * Width), prefix + "o_proj.weight");
    }

    private Tensor Mlp(Tensor x, string prefix) =>
        Linear(F.silu(Linear(x, prefix + "gate_proj.weight")) * Linear(x, prefix + "up_proj.weight"), prefix + "down_proj.weight");

    private Tensor Linear(Tensor x, string name)
    {
        var y = F.linear(x, _weights[name]);
        return _adapters.TryGetValue(name, out var pair) ? y + (F.linear(F.linear(x, pair.A), pair.B) * 2.0) : y;
    }

    private Tensor Norm(Tensor x, string name) => _weights[name] * (x * rsqrt(x.pow(2).mean([-1], true) + Epsilon));

    private static (Tensor Cos, Tensor Sin) Rotary(long length)
    {
        var inverse = pow(Theta, arange(0, Width, 2, ScalarType.Float32) / -Width);
        var angles = arange(length, ScalarType.Float32).unsqueeze(1) * inverse.unsqueeze(0);
        angles = cat([angles, angles], -1);
        return (angles.cos(), angles.sin());
    }

    private static Tensor Rotate(Tensor x, Tensor cos, Tensor sin)
    {
        var parts = x.chunk(2, -1);
        return (x * cos) + (cat([-parts[1], parts[0]], -1) * sin);
    }
}
